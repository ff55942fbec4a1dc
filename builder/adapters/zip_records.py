"""The records a ZIP archive is made of: their shapes, and how they are encoded.

Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 (records) and 4.5.3 (Zip64).
"""

import struct
from datetime import UTC, datetime
from typing import NamedTuple

STORED, DEFLATED = 0, 8
ENCRYPTED, UTF8 = 0x1, 0x800  # bits of ``flags``

MAX16, MAX32 = 0xFFFF, 0xFFFFFFFF
ZIP64_FIELD, ZIP64_NEEDS = 1, 45
LOCAL = struct.Struct("<4s3H4I2H")
CENTRAL = struct.Struct("<4s4H4I3HH6sI")
END = struct.Struct("<4s4H2IH")
LOCATOR = struct.Struct("<4sIQI")
END64 = struct.Struct("<4sQ2H2I4Q")
FIELD = struct.Struct("<2H")
LOCAL_MARK, CENTRAL_MARK = b"PK\3\4", b"PK\1\2"
END_MARK, LOCATOR_MARK, END64_MARK = b"PK\5\6", b"PK\6\7", b"PK\6\6"


class Entry(NamedTuple):
    """One record of a directory; a named tuple, since a WAR has thousands and makes them all."""

    name: str
    made_by: int
    needs: int
    flags: int
    method: int
    stamp: int  # DOS date and time
    crc32: int
    packed: int  # bytes in the archive
    size: int  # bytes
    attributes: bytes  # internal and external, as they lie there
    offset: int  # of the local header, from the first byte of the file
    raw_name: bytes
    extra: bytes  # without the field of Zip64
    comment: bytes
    written: bytes = b""  # the record as it lies in the core, where it needs no change


def name_of(raw: bytes, flags: int) -> str:
    """Decode a name as its flags say."""
    if raw.isascii():
        return raw.decode("ascii")
    return raw.decode("utf-8" if flags & UTF8 else "cp437")


def stamp_of(seconds: int) -> int:
    """Spell seconds since 1970 as DOS date and time, in UTC."""
    t = datetime.fromtimestamp(seconds, UTC)
    date = (t.year - 1980) << 9 | t.month << 5 | t.day
    return date << 16 | t.hour << 11 | t.minute << 5 | t.second // 2


def local_header(entry: Entry) -> bytes:
    """Encode what stands before the bytes of an entry."""
    wide = b""
    if max(entry.size, entry.packed) >= MAX32:
        wide = FIELD.pack(ZIP64_FIELD, 16) + struct.pack("<2Q", entry.size, entry.packed)
    packed, size = (MAX32, MAX32) if wide else (entry.packed, entry.size)
    head = LOCAL.pack(
        LOCAL_MARK,
        ZIP64_NEEDS if wide else entry.needs,
        entry.flags,
        entry.method,
        entry.stamp,
        entry.crc32,
        packed,
        size,
        len(entry.raw_name),
        len(wide) + len(entry.extra),
    )
    return head + entry.raw_name + wide + entry.extra


def central_record(entry: Entry, offset: int) -> bytes:
    """Encode one record of a directory in which the entry begins at ``offset``."""
    if entry.written and offset == entry.offset:
        return entry.written
    values = (entry.size, entry.packed, offset)
    wide = b""
    if max(values) >= MAX32:
        wide = b"".join(struct.pack("<Q", each) for each in values if each >= MAX32)
    extra = (FIELD.pack(ZIP64_FIELD, len(wide)) + wide if wide else b"") + entry.extra
    head = CENTRAL.pack(
        CENTRAL_MARK,
        entry.made_by,
        max(entry.needs, ZIP64_NEEDS) if wide else entry.needs,
        entry.flags,
        entry.method,
        entry.stamp,
        entry.crc32,
        min(entry.packed, MAX32),
        min(entry.size, MAX32),
        len(entry.raw_name),
        len(extra),
        len(entry.comment),
        0,
        entry.attributes,
        min(offset, MAX32),
    )
    return head + entry.raw_name + extra + entry.comment


def end_records(*, count: int, size: int, offset: int) -> bytes:
    """Encode what stands behind the directory, for Zip64 too where the numbers ask for it."""
    plain = END.pack(
        END_MARK, 0, 0, *[min(count, MAX16)] * 2, min(size, MAX32), min(offset, MAX32), 0
    )
    if count < MAX16 and max(size, offset) < MAX32:
        return plain
    needs = ZIP64_NEEDS
    wide = END64.pack(END64_MARK, END64.size - 12, needs, needs, 0, 0, count, count, size, offset)
    return wide + LOCATOR.pack(LOCATOR_MARK, 0, offset + size, 1) + plain
