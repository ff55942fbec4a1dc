"""Writes a file out of spans of other files: whole or not at all, its digest taken beside."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from builder.errors import ArchiveBroken, NoSpace
from builder.model.digest import Digest

_STEP = 4 * 1024**2  # bytes a kernel copies at a time, so that the digest can follow
_CHUNK = 256 * 1024  # bytes that pass through our own memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """So many bytes of a file."""

    path: Path
    start: int
    length: int


Piece = Span | bytes


@contextmanager
def whole_file(target: Path, mode: int) -> Iterator[int]:
    """Open a file beside ``target`` and put it there once the block has ended well.

    Raises:
        NoSpace: the disk is full, or may not be written to.
    """
    try:
        out, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            os.fchmod(out, mode)
            yield out
            Path(name).replace(target)
        finally:
            os.close(out)
            Path(name).unlink(missing_ok=True)
    except OSError as refusal:
        raise NoSpace(path=target, said=refusal.strerror or str(refusal)) from refusal


def write(
    pieces: Iterable[Piece], out: int, *, in_kernel: bool, heard: Callable[[int], None]
) -> int:
    """Write all pieces and give their size; ``heard`` is told what is written so far.

    Raises:
        ArchiveBroken: a file ends before its span does.
    """
    written = 0
    for piece in pieces:
        for count in _written(piece, out, in_kernel=in_kernel):
            written += count
            heard(written)
    return written


def write_hashed(pieces: Iterable[Piece], out: int, *, in_kernel: bool) -> tuple[int, Digest]:
    """Write all pieces; a second thread takes the digest of what the file then holds.

    Raises:
        ArchiveBroken: a file ends before its span does.
    """
    marks: SimpleQueue[int | None] = SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(_digest_behind, out, marks)
        try:
            size = write(pieces, out, in_kernel=in_kernel, heard=marks.put)
        finally:
            marks.put(None)
        return size, digest.result()


def _digest_behind(out: int, marks: "SimpleQueue[int | None]") -> Digest:
    hasher = hashlib.sha256()
    buffer = memoryview(bytearray(_CHUNK))
    done = 0
    while (mark := marks.get()) is not None:
        while done < mark:
            count = os.preadv(out, [buffer[: mark - done]], done)
            hasher.update(buffer[:count])
            done += count
    return Digest(hasher.hexdigest())


def _written(piece: Piece, out: int, *, in_kernel: bool) -> Iterator[int]:
    if isinstance(piece, bytes):
        view = memoryview(piece)
        while view:
            count = os.write(out, view)
            yield count
            view = view[count:]
        return
    with _opened(piece.path) as source:
        at, end = piece.start, piece.start + piece.length
        while at < end:
            count = _copied(source, out, at, end - at) if in_kernel else 0
            count = count or os.write(out, os.pread(source, min(_CHUNK, end - at), at))
            if not count:
                raise ArchiveBroken(path=piece.path, fault="ends too early")
            yield count
            at += count


def _copied(source: int, out: int, at: int, length: int) -> int:
    """Let the kernel copy; 0 where it will not, and a plain write then says why."""
    with suppress(OSError):
        return os.copy_file_range(source, out, min(_STEP, length), at)
    return 0


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        source = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as refusal:
        raise ArchiveBroken(path=path, fault=refusal.strerror or str(refusal)) from refusal
    try:
        yield source
    finally:
        os.close(source)
