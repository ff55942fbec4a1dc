"""A context as the bytes of a tar."""

import io
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from builder.adapters import context_tar
from builder.errors import ArchiveBroken
from builder.model.build import ContextFile, ImageContext

TIME_S = 1_234_567_890
LONG = "a folder/" * 40 + "\u4e2d"


def context(*files: tuple[str, Path | bytes | None, int]) -> ImageContext:
    return ImageContext(
        dockerfile="FROM a\n",
        files=tuple(
            ContextFile(name=PurePosixPath(name), source=source, mode=mode, time_s=TIME_S)
            for name, source, mode in files
        ),
    )


def read(made: ImageContext) -> list[tuple[str, int, int, int, str, bytes]]:
    content = b"".join(context_tar.chunks(made))
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return [
            (
                e.name,
                e.mode,
                int(e.mtime),
                e.uid + e.gid,
                e.uname + e.gname,
                body.read() if body else b"",
            )
            for e in tar
            for body in (tar.extractfile(e),)
        ]


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 3 << 20])
def test_files_are_read_back_whole_with_mode_time_and_owner(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    made = context(("a", None, 0o755), ("a/b", path, 0o600), ("a/c", b"y" * size, 0o644))
    assert read(made)[1:] == [
        ("a", 0o755, TIME_S, 0, "", b""),
        ("a/b", 0o600, TIME_S, 0, "", b"x" * size),
        ("a/c", 0o644, TIME_S, 0, "", b"y" * size),
    ]


def test_the_dockerfile_comes_first_with_a_time_of_its_own() -> None:
    assert read(context()) == [("Dockerfile", 0o644, 946_684_800, 0, "", b"FROM a\n")]


def test_names_may_be_long_and_in_any_script() -> None:
    assert read(context((LONG, b"z", 0o644)))[1][0] == LONG


def test_a_large_file_is_never_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(5 << 20))
    assert max(map(len, context_tar.chunks(context(("a", path, 0o644))))) <= 1 << 20


def test_a_file_that_shrinks_meanwhile_breaks_the_context(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(3 << 20))
    parts = context_tar.chunks(context(("a", path, 0o644)))
    while len(next(parts)) < 1 << 20:
        pass
    path.write_bytes(b"")
    with pytest.raises(ArchiveBroken) as caught:
        list(parts)
    assert (caught.value.path, caught.value.fault) == (path, "shrank while it was read")
