"""Files that are put together out of spans of others."""

from pathlib import Path

import pytest

from builder.adapters.spans import Span, whole_file, write, write_hashed
from builder.errors import ArchiveBroken
from builder.model.digest import Digest

LARGE = bytes(range(256)) * 40_000  # more than is copied at a time


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(LARGE)
    return path


@pytest.mark.parametrize("in_kernel", [True, False])
def test_pieces_follow_each_other(source: Path, in_kernel: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter of the test
    pieces = (b"head", Span(path=source, start=3, length=9_000_000), b"", LARGE)
    wanted = b"head" + LARGE[3:9_000_003] + LARGE
    target = tmp_path / "target"
    with whole_file(target, 0o644) as out:
        assert write(pieces, out, in_kernel=in_kernel) == len(wanted)
    assert target.read_bytes() == wanted
    with whole_file(target, 0o644) as out:
        assert write_hashed(pieces, out, in_kernel=in_kernel) == (
            len(wanted),
            Digest.of(wanted),
        )
    assert target.read_bytes() == wanted


def test_a_source_that_shrinks_meanwhile_is_refused_by_name(source: Path, tmp_path: Path) -> None:
    pieces = (Span(path=source, start=100, length=len(LARGE)),)
    for in_kernel in (True, False):
        with (
            pytest.raises(ArchiveBroken, match="ends too early") as refusal,
            whole_file(tmp_path / "target", 0o644) as out,
        ):
            write(pieces, out, in_kernel=in_kernel)
        assert refusal.value.path == source
    with (
        pytest.raises(ArchiveBroken, match="ends too early"),
        whole_file(tmp_path / "target", 0o644) as out,
    ):
        write_hashed(pieces, out, in_kernel=True)
    assert list(tmp_path.iterdir()) == [source]


def test_an_interrupt_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        interrupted(target)
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"before"


def interrupted(target: Path) -> None:
    with whole_file(target, 0o644) as out:
        write((b"after",), out, in_kernel=True)
        raise KeyboardInterrupt
