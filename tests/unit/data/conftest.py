"""What every test of the start script begins with."""

from pathlib import Path

import pytest

from tests.fakes.start_script import Image, prepared


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return prepared(tmp_path)
