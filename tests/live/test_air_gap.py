"""What a bundle carries is enough: an empty store, and no route to anywhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import ROOT, jbuild

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]


def _without_a_route(*arguments: str, folder: Path, store: Path) -> int:
    command = ("unshare", "--net", sys.executable, "-m", "builder", *arguments)
    variables = {"PYTHONPATH": str(ROOT), "JBUILD_STORE": str(store)}
    done = subprocess.run(  # noqa: S603  # our own command line
        command, cwd=folder, env={**os.environ, **variables}, check=False, timeout=600
    )
    return done.returncode


def test_a_bundle_builds_the_same_on_a_machine_without_a_network(tmp_path: Path) -> None:
    if subprocess.run(("unshare", "--net", "true"), check=False).returncode:  # noqa: S607  # a tool
        pytest.skip("no network namespace can be made here")
    here, there, store = tmp_path / "here", tmp_path / "there", tmp_path / "store"
    shutil.copytree(ROOT / "examples" / "quickstart", here)
    made = jbuild("bundle", "--output", str(tmp_path / "a.tar"), folder=here)
    assert made.code == 0, made.stderr
    assert jbuild("war", "--frozen", "--output", str(tmp_path / "here.war"), folder=here).code == 0
    shutil.copytree(here, there, ignore=shutil.ignore_patterns("*.lock.json"))
    load = ("bundle", "--load", str(tmp_path / "a.tar"))
    assert _without_a_route(*load, folder=there, store=store) == 0
    assert (there / "formula.lock.json").read_bytes() == (here / "formula.lock.json").read_bytes()
    war = ("war", "--frozen", "--offline", "--output", str(tmp_path / "there.war"))
    assert _without_a_route(*war, folder=there, store=store) == 0
    assert (tmp_path / "there.war").read_bytes() == (tmp_path / "here.war").read_bytes()

    # Verifying needs the engine's own ports, which the namespace does not have.
    image = ("image", "--frozen", "--offline", "--print", "ref")
    verified = jbuild(*image, folder=there, JBUILD_STORE=str(store))
    assert verified.code == 0, verified.stderr
