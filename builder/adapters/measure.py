"""What the store knows of a file, taken while its bytes go by: digest, size, CRC-32."""

import hashlib
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from typing import Self

from msgspec import Struct

from builder.model.digest import Digest

_CHUNK = 512 << 10  # bytes; they stay in the cache of a processor
_LARGE = 4 << 20  # bytes, from which a second thread pays


class Measured(Struct, frozen=True, kw_only=True):
    """One file, measured."""

    digest: Digest
    size: int  # bytes
    crc32: int


class Measure:
    """Measures bytes as they come, in order."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._crc32 = 0
        self.size = 0

    def add(self, chunk: bytes | memoryview) -> None:
        """Take the next bytes."""
        self._digest.update(chunk)
        self._crc32 = zlib.crc32(chunk, self._crc32)
        self.size += len(chunk)

    def result(self) -> Measured:
        """Tell what it is so far."""
        return Measured(digest=Digest(self._digest.hexdigest()), size=self.size, crc32=self._crc32)

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file once."""
        measure = cls()
        with path.open("rb", buffering=0) as content:
            measure.go_on(content)
        return measure

    def go_on(self, content: FileIO) -> None:
        """Read the rest of a file; of a long one a second thread reads on for the digest."""
        left = content.seek(0, os.SEEK_END) - content.seek(self.size)
        if left > _LARGE:
            self._overlap(content)
            return
        block = bytearray(min(max(left, 1), _CHUNK))
        view = memoryview(block)
        while count := content.readinto(block):
            self.add(view[:count])

    def _overlap(self, content: FileIO) -> None:
        """Take the CRC-32 where the bytes are read, and the digest one block behind."""

        def read(block: bytearray) -> memoryview:
            part = memoryview(block)[: content.readinto(block)]
            self._crc32 = zlib.crc32(part, self._crc32)
            return part

        block, other = bytearray(_CHUNK), bytearray(_CHUNK)
        with ThreadPoolExecutor(max_workers=1) as ahead:
            coming = ahead.submit(read, block)
            while part := coming.result():
                block, other = other, block
                coming = ahead.submit(read, block)
                self._digest.update(part)
                self.size += len(part)
