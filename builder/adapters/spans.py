"""Writes a file out of spans of other files: whole or not at all, its digest taken beside."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from queue import SimpleQueue

from msgspec import Struct

from builder.errors import ArchiveBroken, NoSpace
from builder.model.digest import Digest

_STEP = 4 * 1024**2  # bytes that are copied before the digest is told of them
_CHUNK = 256 * 1024  # bytes that pass through our own memory at a time; fits its caches


class Span(Struct, frozen=True, kw_only=True):
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


def write(pieces: Iterable[Piece], out: int, *, in_kernel: bool) -> int:
    """Write all pieces, the kernel copying where it can; give their size.

    Raises:
        ArchiveBroken: a file ends before its span does.
    """
    size = 0
    for piece in pieces:
        rest = _left_by_kernel(piece, out) if in_kernel and isinstance(piece, Span) else piece
        for chunk in _chunks(rest):
            _put(chunk, out)
        size += piece.length if isinstance(piece, Span) else len(piece)
    return size


def write_hashed(pieces: Iterable[Piece], out: int, *, in_kernel: bool) -> tuple[int, Digest]:
    """Write all pieces; a second thread takes the digest of what the file then holds.

    Raises:
        ArchiveBroken: a file ends before its span does.
    """
    marks: SimpleQueue[int | None] = SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(_digest_behind, out, marks)
        size = 0
        try:
            for piece in chain.from_iterable(map(_slices, pieces)):
                size += write((piece,), out, in_kernel=in_kernel)
                marks.put(size)
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


def _slices(piece: Piece) -> Iterator[Piece]:
    """Cut a long span, so that the digest need not wait for the whole of it."""
    if isinstance(piece, bytes):
        yield piece
        return
    for done in range(0, piece.length, _STEP):
        length = min(_STEP, piece.length - done)
        yield Span(path=piece.path, start=piece.start + done, length=length)


def _left_by_kernel(span: Span, out: int) -> Span:
    """Let the kernel copy what it will, and give the rest, whose plain copy tells why."""
    at, end = span.start, span.start + span.length
    with _opened(span.path) as source, suppress(OSError):
        while at < end and (count := os.copy_file_range(source, out, end - at, at)):
            at += count
    return Span(path=span.path, start=at, length=end - at)


def _chunks(piece: Piece) -> Iterator[bytes]:
    if isinstance(piece, bytes):
        yield piece
        return
    at, end = piece.start, piece.start + piece.length
    with _opened(piece.path) as source:
        while at < end:
            chunk = os.pread(source, min(_CHUNK, end - at), at)
            if not chunk:
                raise ArchiveBroken(path=piece.path, fault="ends too early")
            yield chunk
            at += len(chunk)


def _put(chunk: bytes, out: int) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(out, view) :]


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
