"""Reads the directory of a ZIP archive.

A fault is told in words; whoever knows the path makes an error of it.
"""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from builder.adapters import zip_records as records
from builder.adapters.zip_records import Entry
from builder.errors import ArchiveBroken

_WIDE = records.END64.size + records.LOCATOR.size
_LENGTHS = struct.Struct("<2H")  # of name and extra fields: the end of a local header
_LARGEST = 64 * 1024**2  # bytes of a directory; that of a WAR has some hundred thousand
_TAIL = records.END.size + records.MAX16 + _WIDE


@dataclass(eq=False, kw_only=True, repr=False)
class ZipFault(ValueError):
    """These bytes are no whole archive."""

    fault: str


class Directory(Struct, frozen=True, kw_only=True):
    """All records of an archive, in their order, and where they begin."""

    entries: tuple[Entry, ...]
    start: int


class _End(Struct, frozen=True, kw_only=True):
    count: int
    size: int
    offset: int  # as written; less than the true one if a prefix was put before the archive
    position: int


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open an archive to read it; any fault that shows in the block bears its path.

    Raises:
        ArchiveBroken: it cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:  # headers lie far apart
            yield file
    except ZipFault as fault:
        raise ArchiveBroken(path=path, fault=fault.fault) from fault
    except OSError as refusal:
        raise ArchiveBroken(path=path, fault=refusal.strerror or str(refusal)) from refusal
    except (ValueError, OverflowError, struct.error, zlib.error) as fault:
        raise ArchiveBroken(path=path, fault=f"cannot be read: {fault}") from fault


def read(file: BinaryIO) -> Directory:
    """Read the directory of a whole archive.

    Raises:
        ZipFault: it is not one.
    """
    end = _find_end(file)
    start = end.position - end.size
    shift = start - end.offset
    if start < 0 or shift < 0:
        raise ZipFault(fault="is no whole ZIP archive: bytes are missing before its directory")
    if end.size > _LARGEST:
        raise ZipFault(fault=f"its directory is larger than {_LARGEST} bytes")
    file.seek(start)
    entries = tuple(_records(file.read(end.size), shift))
    if (len(entries) ^ end.count) & records.MAX16:
        raise ZipFault(fault=f"its directory names {len(entries)} entries and counts {end.count}")
    return Directory(entries=entries, start=start)


def data_start(file: BinaryIO, entry: Entry) -> int:
    """Find where the bytes of an entry begin, behind its local header.

    Headers lie far apart: each is read alone, for a mapped file would lie in memory as a whole.

    Raises:
        ZipFault: no header is there, or another entry's.
    """
    head = os.pread(file.fileno(), records.LOCAL.size + len(entry.raw_name), entry.offset)
    if len(head) < records.LOCAL.size or not head.startswith(records.LOCAL_MARK):
        raise ZipFault(fault=f"the entry {entry.name!r} is not where its directory says")
    name_length, extra_length = _LENGTHS.unpack_from(head, records.LOCAL.size - _LENGTHS.size)
    if name_length != len(entry.raw_name) or head[records.LOCAL.size :] != entry.raw_name:
        raise ZipFault(fault=f"the entry {entry.name!r} has another name in its own header")
    extra_size: int = extra_length
    return entry.offset + len(head) + extra_size


def _find_end(file: BinaryIO) -> _End:
    total = file.seek(0, io.SEEK_END)
    before = max(0, total - _TAIL)
    file.seek(before)
    tail = file.read(_TAIL)
    at = _end_mark(tail)
    _, disk, _, _, count, size, offset, _ = records.END.unpack_from(tail, at)
    wide = _end_wide(tail, at)
    if wide:
        return _End(count=wide[0], size=wide[1], offset=wide[2], position=before + at - _WIDE)
    if disk:
        raise ZipFault(fault="is one part of several")
    return _End(count=count, size=size, offset=offset, position=before + at)


def _end_mark(tail: bytes) -> int:
    at = tail.rfind(records.END_MARK)
    while at >= 0:
        behind = len(tail) - at - records.END.size
        if behind >= 0 and behind == records.END.unpack_from(tail, at)[-1]:
            return at
        at = tail.rfind(records.END_MARK, 0, at + len(records.END_MARK) - 1)
    raise ZipFault(fault="is no ZIP archive, or is cut off: it does not end in a directory")


def _end_wide(tail: bytes, at: int) -> tuple[int, int, int] | None:
    start = at - _WIDE
    if start < 0 or tail[at - records.LOCATOR.size : at][:4] != records.LOCATOR_MARK:
        return None
    mark, *_, count, size, offset = records.END64.unpack_from(tail, start)
    if mark != records.END64_MARK:
        raise ZipFault(fault="its Zip64 directory cannot be read")
    return count, size, offset


def _records(raw: bytes, shift: int) -> Iterator[Entry]:
    at = 0
    while at < len(raw):
        if raw[at : at + 4] != records.CENTRAL_MARK or at + records.CENTRAL.size > len(raw):
            raise ZipFault(fault="its directory cannot be read")
        entry, at = _record(raw, at, shift)
        if at > len(raw):
            raise ZipFault(fault="its directory is cut off")
        yield entry


def _record(raw: bytes, at: int, shift: int) -> tuple[Entry, int]:
    head = records.CENTRAL.unpack_from(raw, at)
    _, made_by, needs, flags, method, stamp, crc32, packed, size = head[:9]
    name_length, extra_length, comment_length, _, attributes, offset = head[9:]
    name_end = at + records.CENTRAL.size + name_length
    extra_end = name_end + extra_length
    end = extra_end + comment_length
    extra, raw_name = raw[name_end:extra_end], raw[at + records.CENTRAL.size : name_end]
    if extra:
        wide, extra = _without_zip64(extra)
        size, packed, offset = _widened((size, packed, offset), wide)
    entry = Entry(
        records.name_of(raw_name, flags),
        *(made_by, needs, flags, method, stamp, crc32, packed, size, attributes),
        *(offset + shift, raw_name, extra, raw[extra_end:end]),
        raw[at:end] if not shift and len(extra) == extra_length else b"",
    )
    return entry, end


def _without_zip64(extra: bytes) -> tuple[bytes, bytes]:
    at = 0
    while at + records.FIELD.size <= len(extra):
        kind, length = records.FIELD.unpack_from(extra, at)
        end = at + records.FIELD.size + length
        if kind == records.ZIP64_FIELD:
            return extra[at + records.FIELD.size : end], extra[:at] + extra[end:]
        at = end
    return b"", extra


def _widened(values: tuple[int, int, int], wide: bytes) -> list[int]:
    whole = wide[: len(wide) // 8 * 8]
    found = (each for (each,) in struct.iter_unpack("<Q", whole))
    return [next(found, value) if value == records.MAX32 else value for value in values]
