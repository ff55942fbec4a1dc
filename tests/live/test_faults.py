"""Faults from outside: no engine, a full disk, interrupts. Nothing is lost or left behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.live.conftest import ROOT, Quickstart, jbuild

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_LABEL = "io.github.jbuild.session"


def test_without_an_engine_one_error_says_how_to_get_one(quickstart: Quickstart) -> None:
    address = "unix:///nowhere/docker.sock"
    done = jbuild("image", folder=quickstart.folder, DOCKER_HOST=address)
    assert done.code == 8
    assert done.stdout == ""
    assert f"no container engine answers at {address}" in done.stderr
    assert "hint: start Docker" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount 20 MB of memory; the controller alone is larger."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root")
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(folder)), check=True)  # noqa: S603, S607  # a test's own mount
    yield folder
    subprocess.run(("umount", str(folder)), check=True)  # noqa: S603, S607  # a test's own mount


def test_a_full_disk_under_the_store_is_told_and_leaves_nothing_half(
    quickstart: Quickstart, small_disk: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "formula"
    shutil.copytree(quickstart.folder, folder, ignore=shutil.ignore_patterns("*.lock.json"))
    done = jbuild("lock", folder=folder, JBUILD_STORE=str(small_disk / "store"))
    assert done.code == 8, done.stderr
    assert "No space left on device" in done.stderr
    assert "hint: look at the room and the rights there" in done.stderr
    assert not (folder / "formula.lock.json").exists()
    left = [each for each in small_disk.rglob("*") if each.is_file() and each.suffix != ".lock"]
    assert left == []


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_an_interrupt_while_booting_leaves_neither_container_nor_home(
    quickstart: Quickstart, number: int, code: int
) -> None:
    before = _sessions()
    process = subprocess.Popen(  # noqa: S603  # our own command line
        (sys.executable, "-m", "builder", "verify", quickstart.reference),
        cwd=quickstart.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _until(lambda: bool(_sessions() - before))
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code, said
    assert "Traceback" not in said
    _until(lambda: not _sessions() - before)


def test_an_interrupt_while_fetching_leaves_no_lock_and_a_store_that_works(
    quickstart: Quickstart, tmp_path: Path
) -> None:
    folder = tmp_path / "formula"
    ignored = shutil.ignore_patterns("*.lock.json")
    shutil.copytree(quickstart.folder, folder, ignore=ignored)
    process = subprocess.Popen(
        (sys.executable, "-m", "builder", "lock"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "JBUILD_STORE": str(tmp_path / "store")},
        stderr=subprocess.DEVNULL,
    )
    _until(lambda: any((tmp_path / "store").rglob("pom.xml")))
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert not (folder / "formula.lock.json").exists()
    assert not any((tmp_path / "store").rglob("pom.xml"))


def _sessions() -> set[str]:
    """Give the containers and volumes that belong to some boot check."""
    import docker  # noqa: PLC0415  # only live tests need it

    with closing(docker.from_env()) as client:
        found = client.containers.list(all=True, filters={"label": _LABEL}, ignore_removed=True)
        homes = client.volumes.list(filters={"label": _LABEL})
        return {str(each.id) for each in (*found, *homes)}


def _until(holds: Callable[[], bool], timeout_s: float = 40) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)
