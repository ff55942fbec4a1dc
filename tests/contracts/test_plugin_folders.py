"""The contract of ``PluginFolders``."""

import os
from pathlib import Path

import pytest

from builder.adapters.plugin_folder import DiskPluginFolders
from builder.adapters.store import FolderStore
from builder.errors import NoSpace, Unreadable
from builder.model.digest import Digest
from builder.model.folder import Placed
from builder.model.plugin import PluginId

_FOLDERS = DiskPluginFolders()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "plugins"


def _placed(store: FolderStore, name: str, content: bytes, replaces: str | None = None) -> Placed:
    return Placed(plugin=PluginId(name), file=store.add([content]), replaces=replaces)


def _all(folder: Path) -> dict[str, bytes]:
    found = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


def test_a_folder_that_is_not_there_is_empty_and_a_file_is_no_folder(tmp_path: Path) -> None:
    assert _FOLDERS.archives(tmp_path / "plugins") == ()
    (tmp_path / "plugins").write_bytes(b"")
    with pytest.raises(Unreadable):
        _FOLDERS.archives(tmp_path / "plugins")


def test_archives_are_measured_in_the_order_of_a_controller(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("a.hpi", "b.jpi", "a-1.jpi", "a.jpi", "a.jpi.disabled", "a.bak", "readme.txt"):
        (folder / name).write_bytes(name.encode())
    (folder / "c.jpi").mkdir()
    found = _FOLDERS.archives(folder)
    assert [each.path.name for each in found] == ["a.jpi", "a-1.jpi", "b.jpi", "a.hpi"]
    assert [each.digest for each in found] == [Digest.of(each.path.name.encode()) for each in found]


def test_files_are_placed_with_a_time_that_follows_from_their_content(
    folder: Path, store: FolderStore
) -> None:
    _FOLDERS.place(
        folder, (_placed(store, "git", b"1"), _placed(store, "mailer", b"2")), clean=False
    )
    assert _all(folder) == {"git.jpi": b"1", "mailer.jpi": b"2"}
    found = (folder / "git.jpi").stat()
    assert (found.st_mtime, found.st_mode & 0o777) == (Digest.of(b"1").time_s, 0o644)
    assert store.check(Digest.of(b"1")) is not None


def test_what_lay_there_is_kept_one_step_back(folder: Path, store: FolderStore) -> None:
    _FOLDERS.place(folder, (_placed(store, "git", b"1"),), clean=False)
    _FOLDERS.place(folder, (_placed(store, "git", b"2", "git.jpi"),), clean=False)
    _FOLDERS.place(folder, (_placed(store, "git", b"3", "git.jpi"),), clean=False)
    assert _all(folder) == {"git.jpi": b"3", "git.bak": b"2"}


def test_a_file_of_another_name_gives_way(folder: Path, store: FolderStore) -> None:
    folder.mkdir(parents=True)
    (folder / "git-1.hpi").write_bytes(b"1")
    (folder / "own.txt").write_bytes(b"own")
    _FOLDERS.place(folder, (_placed(store, "git", b"2", "git-1.hpi"),), clean=False)
    assert _all(folder) == {"git.jpi": b"2", "git.bak": b"1", "own.txt": b"own"}


def test_an_unpacked_plugin_gives_way_to_its_archive(folder: Path, store: FolderStore) -> None:
    (folder / "git.jpi" / "META-INF").mkdir(parents=True)
    (folder / "git.jpi" / "META-INF" / "MANIFEST.MF").write_bytes(b"")
    _FOLDERS.place(folder, (_placed(store, "git", b"2"),), clean=False)
    assert _all(folder) == {"git.jpi": b"2"}


def test_a_clean_folder_holds_what_was_placed_and_nothing_else(
    folder: Path, store: FolderStore
) -> None:
    (folder / "git").mkdir(parents=True)
    (folder / "git.jpi").write_bytes(b"1")
    (folder / "git" / "file").write_bytes(b"")
    _FOLDERS.place(folder, (_placed(store, "git", b"2"),), clean=True)
    assert _all(folder) == {"git.jpi": b"2"}
    _FOLDERS.place(folder, (), clean=True)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("clean", [False, True])
def test_a_refusal_half_way_leaves_the_folder_as_it_was(
    folder: Path, store: FolderStore, *, clean: bool
) -> None:
    folder.mkdir(parents=True)
    for name in ("git.jpi", "git.bak", "own.txt"):
        (folder / name).write_bytes(f"old {name}".encode())
    before = _all(folder)
    good = _placed(store, "git", b"2", "git.jpi")
    bad = _placed(store, "mailer", b"2", ".")  # no system moves a folder into itself
    with pytest.raises(NoSpace):
        _FOLDERS.place(folder, (good, bad), clean=clean)
    assert _all(folder) == before
    assert sorted(each.name for each in folder.iterdir()) == ["git.bak", "git.jpi", "own.txt"]


def test_a_file_that_has_left_the_store_changes_nothing(folder: Path, store: FolderStore) -> None:
    placed = _placed(store, "git", b"1")
    placed.file.path.unlink()
    with pytest.raises(NoSpace):
        _FOLDERS.place(folder, (placed,), clean=True)
    assert not folder.exists()


def test_what_a_killed_run_left_behind_is_gone_a_day_later(
    folder: Path, store: FolderStore
) -> None:
    for name in (".jbuild-old", ".jbuild-new"):
        (folder / name / "old").mkdir(parents=True)
    os.utime(folder / ".jbuild-old", (0, 0))
    _FOLDERS.place(folder, (_placed(store, "git", b"1"),), clean=False)
    assert sorted(each.name for each in folder.iterdir()) == [".jbuild-new", "git.jpi"]
