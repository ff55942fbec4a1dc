"""Removes the containers and the home of a boot whose jbuild died, even by ``kill -9``.

The helper is a process of its own, in a session of its own, so that nothing sent to jbuild's
reaches it. Its standard input is a pipe from jbuild: ``done`` on it ends the helper, and its end
without that word means that jbuild is gone. What is left where both were killed, the next
session on the same machine sweeps: each thing names its owner, a process that may be gone.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docker import DockerClient

LABEL = "io.github.jbuild.session"
OWNER = "io.github.jbuild.owner"  # machine, process and its start, with blanks between
_DONE = b"done"
_ROOT = Path(__file__).parents[2]  # where ``builder`` is imported from
_LATE_S = 5.0  # the engine may still be making the container that jbuild asked for last
_LIMIT_S = 60.0
_PAUSE_S = 0.2
_END_S = 5.0


@contextmanager
def guard(session: str, environment: Mapping[str, str]) -> Iterator[Callable[[], None]]:
    """Have all of the session's removed, unless told that it is gone.

    Args:
        session: value of ``LABEL`` on containers and volumes.
        environment: of the helper; ``DOCKER_HOST`` in it names the engine.

    Yields:
        What to call once nothing is left to remove.
    """
    helper = subprocess.Popen(
        (sys.executable, "-m", "builder.adapters.reaper", session),
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def release() -> None:
        with suppress(subprocess.TimeoutExpired):  # it will read the word all the same
            helper.communicate(_DONE, timeout=_END_S)

    try:
        yield release
    finally:
        if helper.stdin:
            helper.stdin.close()


def remove_containers(client: "DockerClient", session: str) -> int:
    """Remove the session's containers with their anonymous volumes; say how many there were."""
    from docker.errors import NotFound

    found = client.containers.list(
        all=True, ignore_removed=True, filters={"label": f"{LABEL}={session}"}
    )
    for each in found:
        with suppress(NotFound):
            each.remove(force=True, v=True)
    return len(found)


def remove_all(client: "DockerClient", session: str) -> int:
    """Remove the session's containers and volumes; say how many there were."""
    from docker.errors import NotFound

    count = remove_containers(client, session)
    found = client.volumes.list(filters={"label": f"{LABEL}={session}"})
    for each in found:
        with suppress(NotFound):
            each.remove(force=True)
    return count + len(found)


def owner() -> str:
    """Name this process, so that nobody takes another for it; empty where it cannot be told."""
    try:
        # No two machines share the first; containers of one have process numbers of their own.
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        machine = f"{boot}:{Path('/proc/self/ns/pid').readlink()}"
        return f"{machine} {os.getpid()} {_started(os.getpid())}"
    except OSError:
        return ""


def sweep(client: "DockerClient") -> int:
    """Remove what processes of this machine left that are gone; say of how many sessions."""
    from docker.errors import APIError

    labelled: dict[str, str | list[str] | bool] = {"label": LABEL}
    found = client.containers.list(all=True, ignore_removed=True, filters=labelled)
    labels = [each.labels for each in found]
    labels += [each.attrs["Labels"] or {} for each in client.volumes.list(filters=labelled)]
    gone = {each[LABEL] for each in labels if _is_gone(each.get(OWNER, ""))}
    for each in gone:
        with suppress(APIError):  # somebody else is removing it at this very moment
            remove_all(client, each)
    return len(gone)


def _is_gone(named: str) -> bool:
    """Say whether an owner is a process of this machine that has ended."""
    machine, _, process = named.partition(" ")
    number, _, started = process.partition(" ")
    if machine != owner().partition(" ")[0] or not number.isdigit():
        return False
    try:
        return _started(int(number)) != started
    except OSError:
        return True


def _started(process: int) -> str:
    """Give when a process started, in ticks of the clock since the machine did."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2]
    return after_name.split()[19]


def main(session: str) -> None:
    """Wait for jbuild's word or end; after its end, remove what it left."""
    if sys.stdin.buffer.read() == _DONE:
        return
    from docker import from_env
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    begun = time.monotonic()
    gone = False
    while not gone and time.monotonic() < begun + _LIMIT_S:
        with suppress(DockerException, RequestException):
            client = from_env(timeout=10)
            some = remove_all(client, session) > 0
            gone = remove_all(client, session) == 0 and (some or time.monotonic() > begun + _LATE_S)
            client.close()
        time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1])
