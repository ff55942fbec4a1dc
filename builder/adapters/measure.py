"""What the store knows of a file, taken while its bytes go by: digest, size, CRC-32."""

import hashlib
import zlib
from pathlib import Path
from typing import Self

from msgspec import Struct

from builder.model.digest import Digest

_CHUNK = 512 << 10  # bytes; they stay in the cache of a processor


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
        measure, block = cls(), bytearray(min(max(path.stat().st_size, 1), _CHUNK))
        view = memoryview(block)
        with path.open("rb", buffering=0) as content:
            while count := content.readinto(block):
                measure.add(view[:count])
        return measure
