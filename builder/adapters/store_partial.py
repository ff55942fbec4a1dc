"""Files in the making: written at any offset, by one process a digest, resumed after any end.

Layout, in the store's ``partial`` folder: ``<64 hex>.part``, ``<64 hex>.ranges`` with a line for
every range that is written, ``<64 hex>.lock``. Whoever holds the lock may touch the other two.
"""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from builder.adapters.faults import disk_faults
from builder.model.digest import Digest

_Ranges = tuple[tuple[int, int], ...]


class Copy:
    """One copy of a file while it grows; threads write to it side by side."""

    def __init__(self, part: Path, ranges: Path | None) -> None:
        self.path = part
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._file = os.open(part, flags, 0o644)
        self._ranges = os.open(ranges, flags | os.O_APPEND, 0o644) if ranges else None

    def write(self, at: int, block: bytes | memoryview) -> None:
        """Write bytes, and only then write down that they are there."""
        with disk_faults(self.path):
            done = 0
            while done < len(block):
                done += os.pwrite(self._file, block[done:], at + done)
            if self._ranges is not None:
                os.write(self._ranges, f"{at} {at + len(block)}\n".encode())

    def cut(self, size: int) -> None:
        """Let it end where the file ends; a run that was killed may have written beyond."""
        with disk_faults(self.path):
            os.ftruncate(self._file, size)

    def close(self) -> None:
        """Close the descriptors."""
        os.close(self._file)
        if self._ranges is not None:
            os.close(self._ranges)


class Claim:
    """The right to write one file, until it is released."""

    def __init__(self, folder: Path, digest: Digest, lock: FileLock) -> None:
        self._part = folder / f"{digest.hex}.part"
        self._ranges = folder / f"{digest.hex}.ranges"
        self._lock = lock

    def held(self) -> _Ranges:
        """Tell which ranges an earlier run has left, ascending and apart."""
        try:
            text, size = self._ranges.read_bytes(), self._part.stat().st_size
        except OSError:
            return ()
        return _merged(text, size)

    def open(self) -> Copy:
        """Go on with what there is."""
        with disk_faults(self._part):
            if not self._part.exists():  # else old lines would speak of a new file
                self._ranges.unlink(missing_ok=True)
            return Copy(self._part, self._ranges)

    def afresh(self) -> Copy:
        """Begin again; whoever still writes to the old copy does no harm."""
        self.drop()
        return self.open()

    def drop(self) -> None:
        """Take both files away."""
        self._ranges.unlink(missing_ok=True)
        self._part.unlink(missing_ok=True)

    def release(self) -> None:
        """Let others have it."""
        self._lock.release()


def claim(folder: Path, digest: Digest) -> Claim | None:
    """Take the right to write a file; None where another process, or another thread, has it."""
    lock = FileLock(folder / f"{digest.hex}.lock", timeout=0, thread_local=False)
    with disk_faults(folder), suppress(Timeout):
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        return Claim(folder, digest, lock)
    return None


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
