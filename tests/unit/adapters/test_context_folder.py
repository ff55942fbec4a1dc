"""A context as plain files."""

import os
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.adapters.workspace import FolderWorkspace
from builder.errors import ArchiveBroken, FolderTaken
from builder.image import listed
from builder.model.build import ContextFile, ImageContext

TIME_S = 1_234_567_890


def context(*files: tuple[str, Path | bytes | None, int]) -> ImageContext:
    return ImageContext(
        dockerfile="FROM a\n",
        files=tuple(
            ContextFile(name=PurePosixPath(name), source=source, mode=mode, time_s=TIME_S)
            for name, source, mode in files
        ),
    )


def write(folder: Path, made: ImageContext) -> None:
    FolderWorkspace().write_folder(folder, listed(made))


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "stored"
    path.write_bytes(b"x" * 300_000)
    path.chmod(0o444)
    return path


@pytest.fixture
def made(stored: Path) -> ImageContext:
    return context(
        ("a", None, 0o755),
        ("a/b", stored, 0o640),
        ("a/c\u4e2d\nd", b"y", 0o755),
        ("e/f", b"", 0o600),
    )


def test_files_and_folders_have_content_mode_and_time(
    tmp_path: Path, stored: Path, made: ImageContext
) -> None:
    target = tmp_path / "new" / "out"
    before = os.umask(0o077)
    try:
        write(target, made)
    finally:
        os.umask(before)
    assert (target / "a" / "b").read_bytes() == stored.read_bytes()
    assert (target / "Dockerfile").read_text() == "FROM a\n"
    facts = {each.name: (target / each.name).stat() for each in made.files}
    assert {
        str(name): (each.st_mode & 0o777, int(each.st_mtime)) for name, each in facts.items()
    } == {str(each.name): (each.mode, TIME_S) for each in made.files}
    assert target.stat().st_mode & 0o777 == 0o755
    assert [each.name for each in target.parent.iterdir()] == ["out"]


def test_texts_of_one_size_and_second_differ_in_time_as_buildkit_wants_it(tmp_path: Path) -> None:
    times = set()
    for content in (b"1", b"2", b"1"):
        write(tmp_path / "out", context(("a", content, 0o644)))
        times.add((tmp_path / "out" / "a").stat().st_mtime_ns)
    assert len(times) == 2
    assert {each // 10**9 for each in times} == {TIME_S}


def test_who_spoils_a_copy_spoils_no_store(
    tmp_path: Path, stored: Path, made: ImageContext
) -> None:
    write(tmp_path / "out", made)
    copy = tmp_path / "out" / "a" / "b"
    with copy.open("r+b") as out:
        out.write(b"spoilt")
    assert not copy.is_symlink()
    assert (stored.read_bytes()[:6], stored.stat().st_nlink) == (b"xxxxxx", 1)


def test_an_empty_folder_and_ones_own_are_replaced(tmp_path: Path, made: ImageContext) -> None:
    target = tmp_path / "out"
    target.mkdir()
    write(target, made)
    write(target, replace(made, dockerfile="FROM b\n", files=made.files[:2]))
    assert (target / "Dockerfile").read_text() == "FROM b\n"
    assert not (target / "e").exists()


@pytest.mark.parametrize("odd", ["new file", "changed file", "gone file", "foreign", "a file"])
def test_what_somebody_else_has_made_stays_as_it_is(
    tmp_path: Path, made: ImageContext, odd: str
) -> None:
    target = tmp_path / "out"
    if odd == "foreign":
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    elif odd == "a file":
        target.write_text("mine")
    else:
        write(target, made)
    if odd == "new file":
        (target / "a" / "notes.txt").write_text("mine")
    elif odd == "changed file":
        (target / "Dockerfile").write_text("FROM b\n")
    elif odd == "gone file":
        (target / "e" / "f").unlink()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FolderTaken) as caught:
        write(target, made)
    assert caught.value.path == target
    assert caught.value.found in {
        "'a/notes.txt'", "'Dockerfile'", "'e/f'", "'notes.txt'", "no folder but a file"
    }  # fmt: skip
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_cannot_be_read_leaves_the_old_folder(
    tmp_path: Path, made: ImageContext
) -> None:
    write(tmp_path / "out", made)
    with pytest.raises(ArchiveBroken):
        write(tmp_path / "out", context(("a", tmp_path / "gone", 0o644)))
    assert (tmp_path / "out" / "a" / "b").is_file()
    assert {each.name for each in tmp_path.iterdir()} == {"out", "stored"}
