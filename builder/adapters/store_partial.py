"""Files in the making: written at any offset, by one process a digest, resumed after any end.

Layout, in the store's ``partial`` folder: ``<64 hex>.part``, and ``<64 hex>.ranges`` with lines for
the ranges that are written. Who has locked the first may touch both.
"""

import fcntl
import os
import threading
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path

from builder.adapters.faults import disk_faults
from builder.adapters.measure import Measure, Measured
from builder.model.digest import Digest

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_LONG_S = 0.05  # of what came, a file: what a killed process has to fetch again
_Ranges = tuple[tuple[int, int], ...]


class Copy:
    """One copy of a file while it grows; threads write to it side by side."""

    def __init__(self, part: Path, ranges: Path | None) -> None:
        self.path = part
        self._file = os.open(part, _FLAGS, 0o644)
        self._ranges = ranges
        self._journal: int | None = None
        self._unwritten: list[tuple[int, int]] = []
        self._since_s = 0.0  # when the first of these came
        self._lock = threading.Lock()
        self._measure = Measure()  # of what came in order from the first byte on

    def write(self, at: int, block: bytes | memoryview) -> None:
        """Write bytes, and only then write down that they are there."""
        with disk_faults(self.path):
            done = 0
            while done < len(block):
                done += os.pwrite(self._file, block[done:], at + done)
            if at == self._measure.size:  # of one writer at most: no byte is handed out twice
                self._measure.add(block)
            with self._lock:
                now_s = time.monotonic()
                self._since_s = self._since_s if self._unwritten else now_s
                self._unwritten.append((at, at + len(block)))
                if now_s - self._since_s >= _LONG_S:
                    self._note()

    def measured(self, size: int) -> Measured:
        """Measure it whole: read what did not come in order.

        It ends where the file ends; a run that was killed may have written beyond.
        """
        with disk_faults(self.path), FileIO(self._file, closefd=False) as content:
            os.ftruncate(self._file, size)
            self._measure.go_on(content)
        return self._measure.result()

    def note(self) -> None:
        """Write down all that is there."""
        with self._lock, disk_faults(self.path):
            self._note()

    def abandon(self) -> None:
        """Write nothing down any more: the file is in the store, or is begun again."""
        with self._lock:
            self._ranges = None

    def close(self) -> None:
        """Close the descriptors."""
        os.close(self._file)
        if self._journal is not None:
            os.close(self._journal)

    def _note(self) -> None:
        lines = "".join(f"{start} {stop}\n" for start, stop in self._unwritten)
        self._unwritten.clear()
        if self._ranges is None or not lines:
            return
        if self._journal is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._journal = os.open(self._ranges, flags, 0o644)
        os.write(self._journal, lines.encode())


class Claim:
    """The right to write one file, until it is released."""

    def __init__(self, part: Path, lock: int) -> None:
        self._part = part
        self._ranges = part.with_suffix(".ranges")
        self._lock = lock

    def held(self) -> _Ranges:
        """Tell which ranges an earlier run has left, ascending and apart."""
        size = os.fstat(self._lock).st_size
        try:
            return _merged(self._ranges.read_bytes(), size) if size else ()
        except OSError:
            return ()

    def open(self) -> Copy:
        """Go on with what there is; where that is nothing, old lines speak of no file."""
        with disk_faults(self._part):
            if not self.held():
                self._ranges.unlink(missing_ok=True)
            return Copy(self._part, self._ranges)

    def afresh(self) -> Copy:
        """Begin again with a new file; whoever still writes to the old one does no harm."""
        beside = self._part.with_suffix(".new")
        with disk_faults(self._part):
            lock = os.open(beside, _FLAGS | os.O_TRUNC, 0o644)
            fcntl.flock(lock, fcntl.LOCK_EX)  # before anybody can open it by the other's name
            self._ranges.unlink(missing_ok=True)
            beside.replace(self._part)
            os.close(self._lock)
            self._lock = lock
            return Copy(self._part, self._ranges)

    def drop(self) -> None:
        """Take all of it away."""
        self._ranges.unlink(missing_ok=True)
        self._part.unlink(missing_ok=True)

    def forget(self) -> None:
        """Take away what was written down: the file is in the store."""
        self._ranges.unlink(missing_ok=True)

    def release(self) -> None:
        """Let others have it; an empty file is nothing to go on with."""
        with suppress(OSError):
            if not os.fstat(self._lock).st_size and _is_at(self._part, self._lock):
                self._part.unlink()
        os.close(self._lock)


def claim(folder: Path, digest: Digest) -> Claim | None:
    """Take the right to write a file; None where another process, or another thread, has it.

    The partial file itself is locked. A plain flock: the system lets go of the lock of a process
    that is killed, and it costs next to nothing for each of hundreds of files.
    """
    part = folder / f"{digest.hex}.part"
    with disk_faults(part):
        while True:
            lock = _opened(part)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return None
            if _is_at(part, lock):
                return Claim(part, lock)
            os.close(lock)  # finished by another process in this very moment


def _is_at(path: Path, file: int) -> bool:
    try:
        there, here = path.stat(), os.fstat(file)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def _opened(path: Path) -> int:
    try:
        return os.open(path, _FLAGS, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, _FLAGS, 0o644)


def _merged(text: bytes, size: int) -> _Ranges:
    """Read the lines; what a kill has torn, and what the file cannot hold, does not count."""
    spans: list[tuple[int, int]] = []
    for line in text.split(b"\n")[:-1]:
        with suppress(ValueError):
            start, stop = map(int, line.split())
            if 0 <= start < stop <= size:
                spans.append((start, stop))
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return tuple(merged)
