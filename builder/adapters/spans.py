"""Writes a file out of spans of other files: whole or not at all, its digest taken beside."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import Queue

from builder.errors import ArchiveBroken, NoSpace
from builder.model.digest import Digest

_STEP = 1024**3  # bytes we ask a kernel to copy at a time
_CHUNK = 256 * 1024  # bytes that pass through our own memory at a time; fits its caches


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


def write_hashed(pieces: Iterable[Piece], out: int) -> tuple[int, Digest]:
    """Write all pieces and take their digest in a second thread; give size and digest.

    The bytes pass through our memory once and serve both. To let the kernel copy them and read
    them back is as much work in all, but leaves more of it to the thread that hashes, the slower
    one: 263 ms of processor time for 379 MB, against 228 ms this way.

    Raises:
        ArchiveBroken: a file ends before its span does.
    """
    chunks: Queue[bytes | None] = Queue(maxsize=4)
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(_digest_of, chunks)
        size = 0
        try:
            for chunk in chain.from_iterable(map(_chunks, pieces)):
                chunks.put(chunk)
                _put(chunk, out)
                size += len(chunk)
        finally:
            chunks.put(None)
        return size, digest.result()


def _digest_of(chunks: "Queue[bytes | None]") -> Digest:
    hasher = hashlib.sha256()
    while (chunk := chunks.get()) is not None:
        hasher.update(chunk)
    return Digest(hasher.hexdigest())


def _left_by_kernel(span: Span, out: int) -> Span:
    """Let the kernel copy what it will, and give the rest, whose plain copy tells why."""
    at, end = span.start, span.start + span.length
    with _opened(span.path) as source, suppress(OSError):
        while at < end and (count := os.copy_file_range(source, out, min(_STEP, end - at), at)):
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
