"""The contract of ``Workspace``."""

import os
from pathlib import Path, PurePosixPath

import pytest

from builder.adapters.workspace import FolderWorkspace
from builder.errors import NoSpace, OutsideFolder, Unreadable

_SPACE = FolderWorkspace()


def test_a_file_that_is_absent_reads_as_none(tmp_path: Path) -> None:
    assert _SPACE.read_text(tmp_path / "formula.yaml") is None
    assert _SPACE.read_text(tmp_path) is None


def test_a_file_is_read_as_it_is_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(b"\xff\r\n")
    assert _SPACE.read_bytes(tmp_path / "root.pem", limit=3) == b"\xff\r\n"
    assert _SPACE.read_bytes(tmp_path / "absent", limit=3) is None
    with pytest.raises(Unreadable, match="more than 2 bytes"):
        _SPACE.read_bytes(tmp_path / "root.pem", limit=2)
    with pytest.raises(Unreadable, match="no plain file"):
        _SPACE.read_bytes(tmp_path, limit=3)


def test_inputs_come_by_path_and_absent_ones_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "init.groovy.d").mkdir()
    (tmp_path / "init.groovy.d" / "b.groovy").write_bytes(b"2")
    (tmp_path / "init.groovy.d" / "a.groovy").write_bytes(b"1")
    (tmp_path / "other").write_bytes(b"not asked for")
    wanted = (PurePosixPath("init.groovy.d"), PurePosixPath("casc"))
    found = _SPACE.read_inputs(tmp_path, wanted)
    assert [str(each.path) for each in found] == [
        "init.groovy.d/a.groovy",
        "init.groovy.d/b.groovy",
    ]
    assert [each.content for each in found] == [b"1", b"2"]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"")
    folder = tmp_path / "formula"
    (folder / "casc").mkdir(parents=True)
    (folder / "casc" / "a.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(OutsideFolder) as caught:
        _SPACE.read_inputs(folder, (PurePosixPath("casc"),))
    assert caught.value.path == PurePosixPath("casc/a.yaml")


def test_a_name_that_no_file_may_have_cannot_be_read(tmp_path: Path) -> None:
    long = PurePosixPath("9" * 400)
    with pytest.raises(Unreadable, match="too long"):
        _SPACE.read_text(tmp_path / long)
    with pytest.raises(Unreadable, match="too long"):
        _SPACE.read_bytes(tmp_path / long, limit=3)
    with pytest.raises(Unreadable, match="too long"):
        _SPACE.read_inputs(tmp_path, (long,))


def test_what_is_no_plain_file_is_refused_and_not_left_out(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "casc").mkdir()
    (tmp_path / "casc" / "sub").symlink_to(tmp_path / "more")
    with pytest.raises(Unreadable) as caught:
        _SPACE.read_inputs(tmp_path, (PurePosixPath("casc"),))
    assert caught.value.path == tmp_path / "casc" / "sub"


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "casc").mkdir()
    (tmp_path / "casc" / os.fsdecode(b"\xff.yaml")).write_bytes(b"")
    with pytest.raises(Unreadable):
        _SPACE.read_inputs(tmp_path, (PurePosixPath("casc"),))


def test_a_link_to_a_lock_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"1")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    _SPACE.write(tmp_path / "link.json", b"2")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"2"


def test_what_is_written_replaces_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "formula.lock.json"
    _SPACE.write(path, b"1")
    _SPACE.write(path, b"2")
    assert path.read_bytes() == b"2"
    assert list(path.parent.iterdir()) == [path]


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "formula.lock.json"
    _SPACE.write(path, b"1")
    before = path.stat().st_ino
    _SPACE.write(path, b"1")
    assert path.stat().st_ino == before


def test_a_place_that_cannot_be_written_is_told() -> None:
    with pytest.raises(NoSpace):
        _SPACE.write(Path("/proc/formula.lock.json"), b"1")
