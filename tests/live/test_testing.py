"""``builder.testing`` as people use it: the page's own example, in a pytest of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder import testing
from builder.errors import ControllerDown
from tests.live.conftest import ROOT, Quickstart, Spoil

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]
_PAGE = ROOT / "docs" / "testing.md"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Write the example of the page down as it stands there."""
    conftest, tests, *_ = re.findall(r"```python\n(.*?)```", _PAGE.read_text(), re.DOTALL)
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_ours.py").write_text(tests)
    return tmp_path


def run(suite: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # ourselves
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options),
        cwd=suite,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_of_the_page_passes_on_the_quickstart(
    quickstart: Quickstart, suite: Path
) -> None:
    done = run(suite, f"--jenkins-image={quickstart.reference}")
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


def test_an_image_is_built_from_the_formula_that_is_named(
    quickstart: Quickstart, suite: Path
) -> None:
    formula = quickstart.folder / "formula.yaml"
    done = run(suite, f"--jenkins-formula={formula}", "-k", "git_is_there")
    assert done.returncode == 0, done.stdout
    broken = run(suite, "--jenkins-formula=nothing.yaml", "-k", "git_is_there")
    assert broken.returncode == 1
    assert "nothing.yaml ended with 3" in broken.stdout


def test_a_controller_that_is_not_up_says_the_end_of_its_log(
    quickstart: Quickstart, spoil: Spoil
) -> None:
    image = spoil('ENTRYPOINT ["sh", "-c", "echo no Java here; exit 3"]')
    assert quickstart.reference != image
    with pytest.raises(ControllerDown) as caught, testing.booted(image, timeout_s=60):
        raise AssertionError(image)
    assert caught.value.ending == "exited"
    assert caught.value.said == ("no Java here",)
