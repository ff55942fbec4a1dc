"""Reads ZIP archives, and writes the WAR: old entries copied as they are, new ones stored."""

import os
import zlib
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from builder.adapters import spans, zip_directory, zip_layout, zip_records
from builder.adapters.faults import disk_faults
from builder.adapters.spans import Piece
from builder.adapters.zip_directory import ZipFault
from builder.adapters.zip_records import Entry
from builder.model.build import War, WarPlan
from builder.war import rules

_CHUNK = 64 * 1024  # bytes of an entry that are read at a time


class ZipArchives(Struct, frozen=True, kw_only=True):
    """The port ``Archives`` on this machine's disk."""

    in_kernel: bool = hasattr(os, "copy_file_range")

    def names(self, path: Path) -> tuple[str, ...]:
        """List the entries in the order of the archive."""
        with zip_directory.opened(path) as file:
            return tuple(each.name for each in zip_directory.read(file).entries)

    def read(self, path: Path, name: str, *, limit: int) -> bytes | None:
        """Read one entry, at most ``limit`` bytes; None where there is none of that name."""
        with zip_directory.opened(path) as file:
            found = [each for each in zip_directory.read(file).entries if each.name == name]
            if not found:
                return None
            if len(found) > 1:
                raise ZipFault(fault=f"two entries are called {name!r}")
            return _content(file, found[0], limit)

    def write(self, plan: WarPlan, target: Path) -> War:
        """Write the WAR: whole at ``target``, or not at all."""
        pieces = zip_layout.pieces_of(plan)
        with disk_faults(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        with spans.whole_file(target, rules.FILE_MODE) as out:
            size, digest = spans.write_hashed(pieces, out, in_kernel=self.in_kernel)
        return War(path=target, digest=digest, size=size)

    def assemble(self, plan: WarPlan, target: Path) -> int:
        """Write the same bytes without taking their digest; give their number."""
        return self._put(zip_layout.pieces_of(plan), target)

    def _put(self, pieces: tuple[Piece, ...], target: Path) -> int:
        with spans.whole_file(target, rules.FILE_MODE) as out:
            return spans.write(pieces, out, in_kernel=self.in_kernel)


def _content(file: BinaryIO, entry: Entry, limit: int) -> bytes:
    if entry.flags & zip_records.ENCRYPTED:
        raise ZipFault(fault=f"the entry {entry.name!r} is encrypted")
    if entry.size > limit:
        raise ZipFault(fault=f"the entry {entry.name!r} is larger than {limit} bytes")
    file.seek(zip_directory.data_start(file, entry))
    content = _unpacked(file, entry)
    if len(content) != entry.size or zlib.crc32(content) != entry.crc32:
        raise ZipFault(fault=f"the entry {entry.name!r} does not hold what was put in")
    return content


def _unpacked(file: BinaryIO, entry: Entry) -> bytes:
    """Give at most one byte more than the entry says it holds."""
    most = entry.size + 1
    if entry.method == zip_records.STORED:
        return file.read(min(entry.packed, most))
    if entry.method != zip_records.DEFLATED:
        raise ZipFault(fault=f"the entry {entry.name!r} is packed by method {entry.method}")
    inflate, content = zlib.decompressobj(-zlib.MAX_WBITS), b""
    while len(content) < most and not inflate.eof and (chunk := file.read(_CHUNK)):
        content += inflate.decompress(chunk, most - len(content))
    return content
