"""The port ``Archives``, what ``names`` and ``read`` promise."""

import struct
from pathlib import Path

import pytest

from builder.errors import ArchiveBroken
from builder.model.stored import StoredFile
from builder.ports import Archives
from tests.contracts.zip_samples import BROKEN, ENTRIES, Shape, archive, peak_below, stored, twins


class TestNames:
    def test_come_in_the_order_of_the_archive(
        self, archives: Archives, shape: Shape, tmp_path: Path
    ) -> None:
        path = stored(tmp_path / "x.hpi", archive(ENTRIES, shape)).path
        assert archives.names(path) == tuple(ENTRIES)

    @pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
    def test_of_what_is_no_whole_archive_are_refused(
        self, archives: Archives, content: bytes, tmp_path: Path
    ) -> None:
        path = stored(tmp_path / "x.hpi", content).path
        with pytest.raises(ArchiveBroken) as refusal:
            archives.names(path)
        assert refusal.value.path == path
        assert len(refusal.value.fault) > 10

    def test_that_do_not_decode_are_refused(self, archives: Archives, tmp_path: Path) -> None:
        content = archive({"\u00e9": b""}).replace("\u00e9".encode(), b"\xff\xff")
        path = stored(tmp_path / "x.hpi", content).path
        with pytest.raises(ArchiveBroken, match="cannot be read"):
            archives.names(path)

    def test_of_a_file_that_is_not_there_are_refused(
        self, archives: Archives, tmp_path: Path
    ) -> None:
        with pytest.raises(ArchiveBroken):
            archives.names(tmp_path / "none.hpi")


class TestRead:
    def test_gives_every_entry(self, archives: Archives, shape: Shape, tmp_path: Path) -> None:
        path = stored(tmp_path / "x.hpi", archive(ENTRIES, shape)).path
        assert {name: archives.read(path, name, limit=70_000) for name in ENTRIES} == ENTRIES

    def test_gives_none_where_there_is_no_such_entry(
        self, archives: Archives, core: StoredFile
    ) -> None:
        assert archives.read(core.path, "meta-inf/manifest.mf", limit=100) is None

    def test_refuses_an_entry_larger_than_the_limit(
        self, archives: Archives, core: StoredFile
    ) -> None:
        assert archives.read(core.path, "index.jsp", limit=3000) == ENTRIES["index.jsp"]
        with pytest.raises(ArchiveBroken, match="larger than 2999 bytes"):
            archives.read(core.path, "index.jsp", limit=2999)

    def test_refuses_a_bomb_without_setting_it_off(
        self, archives: Archives, tmp_path: Path
    ) -> None:
        honest = archive({"bomb": bytes(50_000_000)})
        lying = honest.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 1000))
        path = stored(tmp_path / "bomb.hpi", lying).path
        with peak_below(1_000_000), pytest.raises(ArchiveBroken, match="does not hold"):
            archives.read(path, "bomb", limit=1000)

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ((b"PK\1\2", 8, 1), "is encrypted"),
            ((b"PK\1\2", 10, 12), "is packed by method 12"),
            ((b"PK\1\2", 43, 1), "is not where its directory says"),
            ((b"PK\3\4", 31, 1), "has another name in its own header"),
            ((b"PK\3\4", 500, 1), "does not hold what was put in"),
        ],
    )
    def test_refuses_an_entry_that_is_not_as_it_should_be(
        self, archives: Archives, tmp_path: Path, change: tuple[bytes, int, int], fault: str
    ) -> None:
        content = bytearray(archive({"name": bytes(range(256)) * 20}, Shape(deflated=False)))
        mark, at, bits = change
        content[content.index(mark) + at] ^= bits
        path = stored(tmp_path / "x.hpi", bytes(content)).path
        with pytest.raises(ArchiveBroken, match=fault):
            archives.read(path, "name", limit=20_000)

    def test_refuses_bytes_that_do_not_unpack(self, archives: Archives, tmp_path: Path) -> None:
        content = bytearray(archive({"name": b"a" * 100}))
        content[len("name") + 30] = 0xFF
        path = stored(tmp_path / "x.hpi", bytes(content)).path
        with pytest.raises(ArchiveBroken, match="cannot be read"):
            archives.read(path, "name", limit=100)

    def test_refuses_to_choose_between_two_of_one_name(
        self, archives: Archives, tmp_path: Path
    ) -> None:
        path = stored(tmp_path / "x.hpi", twins()).path
        assert archives.names(path) == ("a", "a")
        with pytest.raises(ArchiveBroken, match="two entries are called 'a'"):
            archives.read(path, "a", limit=10)


def test_a_directory_that_is_no_sensible_one_is_refused_before_it_is_read(
    archives: Archives, tmp_path: Path
) -> None:
    path = tmp_path / "huge.war"
    size = 65 * 1024**2
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(b"PK\5\6" + bytes(8) + struct.pack("<IIH", size, 0, 0))
    with peak_below(1024**2), pytest.raises(ArchiveBroken, match="its directory is larger"):
        archives.names(path)
