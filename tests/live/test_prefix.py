"""A controller below a path prefix: every check holds if the formula says so, and tells if not."""

import os
import shutil
from pathlib import Path

import pytest

from tests.live.conftest import Quickstart, Spoil, jbuild, remove_image

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]


def test_every_check_holds_below_the_prefix_that_the_formula_gives(
    quickstart: Quickstart, tmp_path: Path
) -> None:
    folder = tmp_path / "formula"
    shutil.copytree(quickstart.folder, folder)
    path = folder / "formula.yaml"
    keys = '  layout: ref\n  env: {JENKINS_OPTS: "--prefix=/ci"}\n'
    path.write_text(path.read_text().replace("  layout: ref\n", keys))
    version = f"version=prefix-{os.getpid()}"
    done = jbuild("image", "--set", version, "--json", folder=folder)
    remove_image(f"jbuild/quickstart:prefix-{os.getpid()}")
    assert done.code == 0, done.stderr


def test_a_prefix_that_nobody_asked_for_explains_the_404(
    quickstart: Quickstart, spoil: Spoil
) -> None:
    image = spoil("ENV JENKINS_OPTS=--prefix=/ci")
    done = jbuild("verify", image, "--json", folder=quickstart.folder)
    failed = done.failed_checks()
    assert "below a path prefix only" in str(failed["agent.listener"])
