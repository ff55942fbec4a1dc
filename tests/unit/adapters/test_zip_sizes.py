"""Numbers that 32 bits cannot hold, on files that are mostly holes."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from builder.adapters import zip_directory, zip_records
from builder.adapters.archive import ZipArchives
from builder.adapters.spans import Piece
from builder.adapters.zip_layout import pieces_of
from builder.errors import ArchiveBroken
from builder.model.build import WarEntry, WarPlan
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from tests.contracts.zip_samples import archive

GIB = 1024**3


def hollow(path: Path, size: int) -> StoredFile:
    with path.open("wb") as file:
        file.truncate(size)
    return StoredFile(digest=Digest("0" * 64), size=size, crc32=0, path=path)


def laid_out(pieces: tuple[Piece, ...], target: Path) -> Path:
    """Write the small pieces, and holes for the large ones."""
    with target.open("wb") as file:
        for each in pieces:
            if isinstance(each, bytes):
                file.write(each)
            elif each.length < 1000:
                with each.path.open("rb") as source:
                    source.seek(each.start)
                    file.write(source.read(each.length))
            else:
                file.seek(each.length, 1)
    return target


def a_plan(core: Path, *sources: StoredFile | bytes) -> WarPlan:
    content = core.read_bytes()
    stored = StoredFile(digest=Digest.of(content), size=len(content), crc32=0, path=core)
    added = tuple(WarEntry(name=f"p{number}", source=each) for number, each in enumerate(sources))
    return WarPlan(core=stored, added=added, dropped=())


@pytest.fixture
def core(tmp_path: Path) -> Path:
    path = tmp_path / "core.war"
    path.write_bytes(archive({"a": b"a"}))
    return path


def test_an_entry_may_begin_behind_four_gibibytes(core: Path, tmp_path: Path) -> None:
    big = hollow(tmp_path / "big", 3 * GIB)
    made = laid_out(pieces_of(a_plan(core, big, big, b"text")), tmp_path / "made.war")
    with zipfile.ZipFile(made) as packed:
        assert packed.namelist() == ["a", "p0", "p1", "p2"]
        assert packed.getinfo("p2").header_offset > 6 * GIB
        assert packed.read("p2") == b"text"
    with made.open("rb") as file:
        assert [each.size for each in zip_directory.read(file).entries][1:] == [3 * GIB, 3 * GIB, 4]


def test_an_entry_may_be_larger_than_four_gibibytes(core: Path, tmp_path: Path) -> None:
    big = hollow(tmp_path / "big", 5 * GIB)
    made = laid_out(pieces_of(a_plan(core, big, b"text")), tmp_path / "made.war")
    with zipfile.ZipFile(made) as packed:
        assert packed.getinfo("p0").file_size == 5 * GIB
        assert packed.getinfo("p0").compress_size == 5 * GIB
        assert packed.read("p1") == b"text"
        with packed.open("p0") as entry:
            assert entry.read(10) == bytes(10)


def test_a_core_that_zip64_was_needed_for_stays_readable(core: Path, tmp_path: Path) -> None:
    big = hollow(tmp_path / "big", 5 * GIB)
    first = laid_out(pieces_of(a_plan(core, big, b"text")), tmp_path / "first.war")
    stored = StoredFile(digest=Digest("0" * 64), size=first.stat().st_size, crc32=0, path=first)
    plan = WarPlan(core=stored, added=(WarEntry(name="q", source=b"more"),), dropped=("a",))
    made = laid_out(pieces_of(plan), tmp_path / "made.war")
    with zipfile.ZipFile(made) as packed:
        sizes = [(each.filename, each.file_size) for each in packed.infolist()]
        assert sizes == [("p0", 5 * GIB), ("p1", 4), ("q", 4)]
        assert packed.read("q") == b"more"


def test_an_entry_that_begins_beyond_any_disk_is_refused(core: Path, tmp_path: Path) -> None:
    with core.open("rb") as file:
        (entry,) = zip_directory.read(file).entries
    record = zip_records.central_record(entry, 2**64 - 1)
    path = tmp_path / "far.war"
    path.write_bytes(record + zip_records.end_records(count=1, size=len(record), offset=0))
    with pytest.raises(ArchiveBroken):
        ZipArchives().read(path, "a", limit=1)


def test_a_record_lists_its_large_numbers_in_the_order_of_the_standard(core: Path) -> None:
    with core.open("rb") as file:
        (entry,) = zip_directory.read(file).entries
    large = entry._replace(size=6 * GIB, packed=5 * GIB)
    record = zip_records.central_record(large, 7 * GIB)
    assert record.endswith(struct.pack("<2H3Q", 1, 24, 6 * GIB, 5 * GIB, 7 * GIB))
    assert record[20:28] == record[42:46] * 2 == b"\xff" * 8


def test_a_count_that_does_not_fit_points_to_zip64() -> None:
    plain = zip_records.end_records(count=65_537, size=1, offset=1)[-22:]
    assert struct.unpack("<4s2H2H", plain[:12]) == (b"PK\5\6", 0, 0, 65_535, 65_535)


def test_small_archives_do_without_zip64() -> None:
    assert len(zip_records.end_records(count=65_534, size=0xFFFFFFFE, offset=0xFFFFFFFE)) == 22
    assert len(zip_records.end_records(count=65_535, size=1, offset=1)) == 98
    assert len(zip_records.end_records(count=1, size=0xFFFFFFFF, offset=1)) == 98


def test_a_zip64_field_that_was_not_needed_is_left_out(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a")
    info.extra = struct.pack("<2HQ", 0xCAFE, 8, 7)
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed, packed.open(info, "w", force_zip64=True) as entry:
        entry.write(b"a")
    path = tmp_path / "core.war"
    path.write_bytes(made.getvalue())
    changed = laid_out(pieces_of(a_plan(path, b"text")), tmp_path / "made.war")
    with zipfile.ZipFile(changed) as packed:
        assert packed.getinfo("a").extra == info.extra
        assert packed.getinfo("a").file_size == 1
