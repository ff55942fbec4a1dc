"""The folder of a formula, and a world with all it asks for."""

from pathlib import Path

import pytest

from tests.fakes.story import FILES, FORMULA
from tests.fakes.world import FakeWorld, fake_world


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "formula"
    (folder / "init.groovy.d").mkdir(parents=True)
    (folder / "init.groovy.d" / "a.groovy").write_text("println 1")
    (folder / "formula.yaml").write_text(FORMULA)
    return folder / "formula.yaml"


@pytest.fixture
def made(tmp_path: Path) -> FakeWorld:
    return fake_world(tmp_path / "store", FILES)
