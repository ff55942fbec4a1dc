"""Boots of tiny images: how they are asked for, and what they leave."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import docker

from builder.adapters.reaper import LABEL, OWNER
from builder.model.controller import HUDSON
from builder.model.report import Trial
from tests.contracts import tiny_images

ROOT = Path(__file__).parents[2]
Tiny = Callable[[str], str]
BOOT = """
import signal, sys
from builder.adapters.boot import DockerBooter
from builder.errors import Terminated
from builder.model.controller import HUDSON
from builder.model.report import Trial
def end(number, frame):
    raise Terminated(signal=number)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job begins without it
DockerBooter(None).observe(Trial(
    image=sys.argv[1], controller=HUDSON, memory=64 * 1024**2, timeout_s=120, paths=()))
"""


def trial(image: str, *, timeout_s: float = 60, paths: tuple[str, ...] = ()) -> Trial:
    return Trial(
        image=image, controller=HUDSON, memory=64 * 1024**2, timeout_s=timeout_s, paths=paths
    )


def leftovers() -> set[str]:
    """Name the containers of tiny images, and the volumes that no container uses.

    Other boots may run on this engine meanwhile; theirs do not count.
    """
    client = docker.from_env()
    with contextlib.closing(client):
        boots = client.api.containers(all=True, filters={"label": LABEL})
        ours = {each["Id"] for each in boots if each["Image"].startswith(tiny_images.PREFIX)}
        return ours | {each.name for each in client.volumes.list(filters={"dangling": True})}


def wait_until(holds: Callable[[], bool], *, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def owners() -> set[int]:
    """Give the processes that own the containers of tiny images."""
    client = docker.from_env()
    with contextlib.closing(client):
        boots = client.api.containers(all=True, filters={"label": LABEL})
        ours = [each for each in boots if each["Image"].startswith(tiny_images.PREFIX)]
        return {int(each["Labels"][OWNER].split()[1]) for each in ours}


def children(process: int) -> list[int]:
    """List the processes that a process started."""
    words = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(each) for each in words]


def orphans() -> list[Path]:
    """List the reapers that still run although their jbuild is gone."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (path / "cmdline").read_bytes().split(b"\0")
            parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
            if b"builder.adapters.reaper" in words and parent == "1":
                found.append(path)
    return found
