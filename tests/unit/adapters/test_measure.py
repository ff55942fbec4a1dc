"""What the store knows of a file is the same whether one thread reads it or two."""

import hashlib
import random
import zlib
from pathlib import Path

import pytest

from builder.adapters.measure import Measure

_CHUNK, _LARGE = 512 << 10, 4 << 20


@pytest.mark.parametrize(
    "size", [0, 1, _CHUNK, _CHUNK + 1, _LARGE, _LARGE + 1, _LARGE + _CHUNK, 9_999_999]
)
def test_a_file_is_measured_whole_and_in_order(tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)  # noqa: S311  # the same bytes every time
    path = tmp_path / "file"
    path.write_bytes(content)
    found = Measure.of(path).result()
    assert (found.digest.hex, found.size, found.crc32) == (
        hashlib.sha256(content).hexdigest(),
        size,
        zlib.crc32(content),
    )
