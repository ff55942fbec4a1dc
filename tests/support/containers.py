"""Containers for live tests: started as an operator may start them, watched, and removed."""

import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docker.models.containers import Container

_READY = "Hudson is ready."
_READY_S = 180
# What a cautious cluster gives a container: no root, no capability, nothing to write to but the
# home and /tmp.
HARDENED: dict[str, object] = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "tmpfs": {"/tmp": ""},  # noqa: S108  # of the container
}


@contextmanager
def volume() -> Iterator[str]:
    """Give a home that outlives its containers, and no longer."""
    import docker  # noqa: PLC0415  # only live tests need it

    with closing(docker.from_env()) as client:
        made = client.volumes.create(f"jbuild-test-{uuid.uuid4().hex[:12]}")
        try:
            yield str(made.name)
        finally:
            made.remove(force=True)


def gateway() -> str:
    """Give the address of this machine as containers on the engine's own bridge see it."""
    import docker  # noqa: PLC0415  # only live tests need it

    with closing(docker.from_env()) as client:
        config = client.networks.get("bridge").attrs["IPAM"]["Config"]
        return str(config[0]["Gateway"])


@contextmanager
def started(image: str, home: str, **options: object) -> Iterator["Container"]:
    """Start a container on a home, and remove it."""
    import docker  # noqa: PLC0415  # only live tests need it

    with closing(docker.from_env()) as client:
        binds = {home: {"bind": "/var/jenkins_home", "mode": "rw"}}
        container = client.containers.run(  # type: ignore[call-overload]  # any of its options
            image, detach=True, volumes=binds, mem_limit="1g", **options
        )
        try:
            yield container
        finally:
            container.remove(force=True, v=True)


@contextmanager
def booted(image: str, home: str, **options: object) -> Iterator["Container"]:
    """Give a container whose controller is ready."""
    with started(image, home, **options) as container:
        deadline = time.monotonic() + _READY_S
        while _READY not in log_of(container):
            container.reload()
            ended = container.status == "exited" or time.monotonic() > deadline
            assert not ended, log_of(container)
            time.sleep(0.2)
        yield container


def log_of(container: "Container") -> str:
    """Give all that it said so far."""
    told = container.logs(stream=False)
    assert isinstance(told, bytes)
    return told.decode(errors="replace")


def said(container: "Container", *command: str) -> str:
    """Run a command inside, which must succeed, and give its output."""
    code, output = container.exec_run(list(command))
    assert code == 0, output
    assert isinstance(output, bytes)
    return output.decode()
