"""Small archives and stored files for the tests of archives."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from builder.model.build import WarEntry, WarPlan
from builder.model.digest import Digest
from builder.model.stored import StoredFile

STAMP = (2011, 2, 3, 4, 5, 6)


class _Stream(io.RawIOBase):
    """A file one cannot seek in: zipfile then writes data descriptors."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, chunk: object) -> int:
        assert isinstance(chunk, bytes | bytearray | memoryview)
        self.content += chunk
        return len(chunk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How an archive is written."""

    deflated: bool = True
    streamed: bool = False
    prefix: bytes = b""
    told: bool = False  # whether the offsets count the prefix
    comment: bytes = b""


def archive(entries: Mapping[str, bytes], shape: Shape | None = None) -> bytes:
    shape = shape or Shape()
    out = _Stream() if shape.streamed else io.BytesIO()
    if shape.told:
        out.write(shape.prefix)
    with zipfile.ZipFile(out, "a" if shape.told and not shape.streamed else "w") as packed:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.external_attr = 0o100755 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if shape.deflated else zipfile.ZIP_STORED
            packed.writestr(info, content)
        packed.comment = shape.comment
    written = bytes(out.content) if isinstance(out, _Stream) else out.getvalue()
    return written if shape.told else shape.prefix + written


def stored(path: Path, content: bytes) -> StoredFile:
    path.write_bytes(content)
    return StoredFile(
        digest=Digest.of(content), size=len(content), crc32=zlib.crc32(content), path=path
    )


def twins() -> bytes:
    return archive({"a": b"1", "b": b"2"}).replace(b"b", b"a")


def plan_of(core: StoredFile, *sources: StoredFile | bytes) -> WarPlan:
    added = tuple(
        WarEntry(name=f"WEB-INF/plugins/p{number}.hpi", source=each)
        for number, each in enumerate(sources)
    )
    return WarPlan(core=core, added=added, dropped=("META-INF/CORE.SF",))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


@contextmanager
def peak_below(limit: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


ENTRIES = {
    "META-INF/": b"",
    "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n",
    "META-INF/CORE.SF": b"signed",
    "index.jsp": b"<jsp/>" * 500,
    "WEB-INF/b.txt": b"b",
    "WEB-INF/a-\u00e9.txt": b"a" * 70_000,
}
SHAPES = {
    "deflated": Shape(),
    "stored": Shape(deflated=False),
    "streamed": Shape(streamed=True),
    "streamed and stored": Shape(streamed=True, deflated=False),
    "prefixed": Shape(prefix=b"#!/bin/sh\nexec java -jar $0\n"),
    "prefixed and told": Shape(prefix=b"#!/bin/sh\nexec java -jar $0\n", told=True),
    "with a comment like an end": Shape(comment=b"PK\5\6"),
    "commented": Shape(comment=b"a comment"),
}
WHOLE = archive(ENTRIES)
BROKEN = {
    "a page of HTML": b"<!DOCTYPE html><title>Sign in</title>" * 50,
    "nothing": b"",
    "no end": WHOLE[:-1],
    "half": WHOLE[: len(WHOLE) // 2],
    "no beginning": WHOLE[40:],
    "no middle": WHOLE[:40] + WHOLE[60:],
    "more behind the end": WHOLE + b"\n",
    "only an end": WHOLE[-22:],
    "too few entries": WHOLE[:-12] + struct.pack("<H", 3) + WHOLE[-10:],
    "one part of several": WHOLE[:-18] + struct.pack("<H", 1) + WHOLE[-16:],
}
