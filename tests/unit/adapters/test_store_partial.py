"""A file in the making is measured while it comes, in whatever order that is."""

import random
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from builder.adapters.measure import Measured
from builder.adapters.store_partial import Copy
from builder.model.digest import Digest

_CONTENT = random.Random(16).randbytes(9_000_000)  # noqa: S311  # the same bytes every time
_PIECE = 1_000_000


@pytest.mark.parametrize(
    "order",
    [range(9), range(8, -1, -1), (1, 0, 2, 3, 4, 5, 6, 7, 8), (0, 1, 2, 3, 5, 4, 6, 7, 8)],
    ids=["in order", "backwards", "the second first", "one too early"],
)
def test_what_came_in_any_order_is_measured_whole(order: Iterable[int], tmp_path: Path) -> None:
    left = tmp_path / "left.part"
    left.write_bytes(b"by a run that was killed" * 500_000)
    copy = Copy(left, None)
    for piece in order:
        at = piece * _PIECE
        copy.write(at, _CONTENT[at : at + _PIECE])
    found = copy.measured(len(_CONTENT))
    copy.close()
    assert found == Measured(
        digest=Digest.of(_CONTENT), size=len(_CONTENT), crc32=zlib.crc32(_CONTENT)
    )
    assert left.read_bytes() == _CONTENT


def test_what_an_earlier_run_has_left_is_measured_with_the_rest(tmp_path: Path) -> None:
    left = tmp_path / "left.part"
    left.write_bytes(_CONTENT[:_PIECE])
    copy = Copy(left, None)
    copy.write(_PIECE, _CONTENT[_PIECE:])
    assert copy.measured(len(_CONTENT)).digest == Digest.of(_CONTENT)
    copy.close()
