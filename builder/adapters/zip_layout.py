"""Lays a WAR out as pieces of other files, before a byte of it is written."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from builder.adapters import zip_directory, zip_records
from builder.adapters.spans import Piece, Span
from builder.adapters.zip_directory import Directory, ZipFault
from builder.adapters.zip_records import Entry
from builder.errors import ArchiveBroken
from builder.model.build import WarEntry, WarPlan
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from builder.war import rules

_MADE_BY_UNIX = 3 << 8 | 20
_REGULAR_FILE = 0o100000
_NEEDS = 10  # version 1.0: a stored file


def pieces_of(plan: WarPlan) -> tuple[Piece, ...]:
    """Work out every byte of the WAR; the very same bytes where the plan changes nothing.

    Raises:
        ArchiveBroken: the core is not a whole ZIP archive, a file is not as long as it was, or
            an entry has a name it may not have.
    """
    for each in (plan.core, *(entry.source for entry in plan.added)):
        _require_size(each)
    path = plan.core.path
    with zip_directory.opened(path) as file:
        directory = zip_directory.read(file)
        kept = _kept(plan, directory)
        ends = _ends(file, directory)
    if not plan.added and len(kept) == len(directory.entries):
        return (whole(plan.core),)
    first = min(ends, default=directory.start)  # what lies before makes some archives programs
    places, behind = _places(kept, ends, first)
    runs = _runs(path, [(0, first), *((each.offset, ends[each.offset]) for each in kept)])
    added, start = _entries(plan.added, behind)
    records = [
        *map(zip_records.central_record, kept, places),
        *(zip_records.central_record(each, each.offset) for each in added),
    ]
    return (*runs, *_with_bodies(plan.added, added), _directory(records, start))


def whole(source: StoredFile) -> Span:
    """Take a file from its first byte to its last."""
    return Span(path=source.path, start=0, length=source.size)


def _require_size(source: StoredFile | bytes) -> None:
    if isinstance(source, bytes):
        return
    try:
        size = source.path.stat().st_size
    except OSError as refusal:
        fault = refusal.strerror or str(refusal)
        raise ArchiveBroken(path=source.path, fault=fault) from refusal
    if size != source.size:
        fault = f"has {size} bytes and should have {source.size}"
        raise ArchiveBroken(path=source.path, fault=fault)


def _kept(plan: WarPlan, directory: Directory) -> tuple[Entry, ...]:
    dropped = set(plan.dropped)
    kept = tuple(each for each in directory.entries if each.name not in dropped)
    fault = rules.fault_of(
        kept=(each.name for each in kept), added=(each.name for each in plan.added)
    )
    if fault:
        raise ZipFault(fault=fault)
    return kept


def _ends(file: BinaryIO, directory: Directory) -> dict[int, int]:
    """Map where each entry begins to where the next one does.

    What lies between an entry's bytes and that place, such as a data descriptor, is its own.
    """
    begins = sorted(directory.entries, key=lambda each: each.offset)
    ends = dict(pairwise([*(each.offset for each in begins), directory.start]))
    if len(ends) < len(begins):
        raise ZipFault(fault="two entries share their bytes")
    for each in begins:
        if zip_directory.data_start(file, each) + each.packed > ends[each.offset]:
            raise ZipFault(fault=f"the entry {each.name!r} reaches into the next one")
    return ends


def _places(
    kept: tuple[Entry, ...], ends: dict[int, int], first: int
) -> tuple[tuple[int, ...], int]:
    """Tell where each kept entry comes to lie, and where the last of them ends."""
    places, at = {}, first
    for begin in sorted(each.offset for each in kept):
        places[begin] = at
        at += ends[begin] - begin
    return tuple(places[each.offset] for each in kept), at


def _runs(path: Path, bounds: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Join neighbours, so that a core is copied in a few long runs."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(bounds):
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return tuple(Span(path=path, start=start, length=end - start) for start, end in runs)


def _entries(added: tuple[WarEntry, ...], at: int) -> tuple[tuple[Entry, ...], int]:
    """Give the added entries their places, and tell where the last of them ends."""
    entries: list[Entry] = []
    for each in added:
        entry = _entry(each, at)
        at += len(zip_records.local_header(entry)) + entry.size
        entries.append(entry)
    return tuple(entries), at


def _entry(added: WarEntry, offset: int) -> Entry:
    size, crc32, digest = _facts(added.source)
    attributes = (_REGULAR_FILE | rules.FILE_MODE) << 16
    return Entry(
        name=added.name,
        made_by=_MADE_BY_UNIX,
        needs=_NEEDS,
        flags=0 if added.name.isascii() else zip_records.UTF8,
        method=zip_records.STORED,
        stamp=zip_records.stamp_of(digest.time_s),
        crc32=crc32,
        packed=size,
        size=size,
        attributes=bytes(2) + attributes.to_bytes(4, "little"),
        offset=offset,
        raw_name=added.name.encode(),
        extra=b"",
        comment=b"",
    )


def _facts(source: StoredFile | bytes) -> tuple[int, int, Digest]:
    if isinstance(source, bytes):
        return len(source), zlib.crc32(source), Digest.of(source)
    return source.size, source.crc32, source.digest


def _with_bodies(added: tuple[WarEntry, ...], entries: tuple[Entry, ...]) -> Iterator[Piece]:
    for each, entry in zip(added, entries, strict=True):
        yield zip_records.local_header(entry)
        yield each.source if isinstance(each.source, bytes) else whole(each.source)


def _directory(records: list[bytes], offset: int) -> bytes:
    joined = b"".join(records)
    return joined + zip_records.end_records(count=len(records), size=len(joined), offset=offset)
