"""The contract of ``Store``, line by line; the real one is the only one, tests use it as it is."""

import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from builder.adapters.store import FolderStore
from builder.errors import NoSpace
from builder.model.digest import Digest

_CONTENT = b"plugin bytes" * 1000


def test_what_was_added_is_found_with_its_facts(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    added = store.add([_CONTENT[:100], _CONTENT[100:]])
    assert store.find(Digest.of(_CONTENT)) == added
    assert (added.size, added.crc32) == (len(_CONTENT), zlib.crc32(_CONTENT))
    assert added.path.read_bytes() == _CONTENT


def test_what_was_never_added_is_not_found(tmp_path: Path) -> None:
    assert FolderStore(tmp_path / "nothing").find(Digest.of(b"")) is None


def test_an_adopted_file_has_moved(tmp_path: Path) -> None:
    store, path = FolderStore(tmp_path / "store"), tmp_path / "finished"
    path.write_bytes(_CONTENT)
    assert store.adopt(path).path.read_bytes() == _CONTENT
    assert not path.exists()


def test_a_file_of_another_length_does_not_count(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    added = store.add([_CONTENT])
    added.path.write_bytes(_CONTENT[:5])
    assert store.find(added.digest) is None
    assert store.add([_CONTENT]).path.read_bytes() == _CONTENT


def test_a_file_whose_bytes_have_changed_is_dropped_when_it_is_checked(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    added = store.add([_CONTENT])
    assert store.check(added.digest) == added
    added.path.write_bytes(_CONTENT[::-1])
    assert store.check(added.digest) is None
    assert store.find(added.digest) is None


def test_many_are_checked_in_their_order(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    some = [store.add([_CONTENT, bytes([each])]) for each in range(5)]
    some[1].path.write_bytes(b"other")
    some[3].path.unlink()
    found = store.check_each(tuple(each.digest for each in reversed(some)))
    assert found == (some[4], None, some[2], None, some[0])
    assert store.check_each(()) == ()


def test_a_file_is_read_unless_its_bytes_have_changed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    added = store.add([_CONTENT])
    assert store.read(added.digest) == _CONTENT
    added.path.write_bytes(_CONTENT[::-1])
    assert store.read(added.digest) is None
    assert store.read(Digest.of(b"never added")) is None


def test_the_note_of_a_name_is_the_one_written_last(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.read_note("seen") is None
    store.write_note("seen", b"1")
    store.write_note("seen", b"2")
    assert (store.read_note("seen"), store.read_note("other")) == (b"2", None)


def test_a_forgotten_name_has_no_digest(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.remember("maven a:b:1", Digest.of(b"1"))
    store.forget("maven a:b:1")
    store.forget("maven a:b:1")
    assert store.recall("maven a:b:1") is None


def test_what_a_killed_process_left_is_swept_after_a_day(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with store.scratch() as young:
        old = young.parent / "old"
        (old / "deep").mkdir(parents=True)
        os.utime(old, (0, 0))
        with store.scratch():
            assert (old.exists(), young.exists()) == (False, True)


def test_a_break_while_adding_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> object:
        yield _CONTENT
        raise ConnectionError

    store = FolderStore(tmp_path)
    with pytest.raises(ConnectionError):
        store.add(broken())  # type: ignore[arg-type]  # a generator typed loosely on purpose
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_a_scratch_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with FolderStore(tmp_path).scratch() as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_bytes(b"x")
    assert not folder.exists()


def test_a_name_gives_the_digest_it_was_given(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.recall("maven a:b:1") is None
    store.remember("maven a:b:1", Digest.of(b"1"))
    store.remember("maven a:b:1", Digest.of(b"2"))
    assert store.recall("maven a:b:1") == Digest.of(b"2")


def test_files_are_readable_by_everyone_whatever_the_umask(tmp_path: Path) -> None:
    assert FolderStore(tmp_path).add([_CONTENT]).path.stat().st_mode & 0o777 == 0o644


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NoSpace):
        FolderStore(tmp_path / "file").add([_CONTENT])


_WRITER = """
import sys
from pathlib import Path
from builder.adapters.store import FolderStore
store = FolderStore(Path(sys.argv[1]))
for number in range(50):
    store.add([bytes([number]) * 1000])
"""


@pytest.mark.slow
def test_two_processes_that_add_the_same_files_do_not_disturb_each_other(tmp_path: Path) -> None:
    command = (sys.executable, "-c", _WRITER, str(tmp_path))
    writers = [subprocess.Popen(command) for _ in range(3)]  # noqa: S603  # our own code
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    store = FolderStore(tmp_path)
    for number in range(50):
        found = store.find(Digest.of(bytes([number]) * 1000))
        assert found
        assert found.path.read_bytes() == bytes([number]) * 1000
