"""Says that a process uses a store: a file below ``leases`` that is locked while it lives."""

import fcntl
import os
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from msgspec import Struct


class Lease(Struct, frozen=True, kw_only=True):
    """One process that uses the store."""

    since_s: float  # of the system's clock


class Holder:
    """Takes a lease the first time that it is asked to, and holds it as long as it lives."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "leases"
        self._taken = False

    def take(self) -> None:
        """Take it; where nothing may be written, nothing can be pruned either."""
        if self._taken:
            return
        self._taken = True
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
            fcntl.flock(handle, fcntl.LOCK_EX)
            weakref.finalize(self, _give_up, handle, name)
            if not Path(name).exists():  # somebody took it for one that was left behind
                self._taken = False
                self.take()


def running(root: Path) -> tuple[Lease, ...]:
    """List the leases of processes that live, and clear those of the others away."""
    found = []
    for each in (root / "leases").glob("*"):
        with suppress(FileNotFoundError), each.open("rb") as lease:
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                each.unlink()
            except BlockingIOError:
                found.append(Lease(since_s=each.stat().st_mtime))
    return tuple(found)


def _give_up(handle: int, name: str) -> None:
    with suppress(OSError):
        os.unlink(name)  # noqa: PTH108  # pathlib may be gone when the interpreter ends
        os.close(handle)
