"""What every ``Images`` does: the fake engine, and a real daemon through the SDK."""

import io
import os
import tarfile
import uuid
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import docker
import pytest
from docker.errors import DockerException

from builder.adapters.engine import DockerEngine
from builder.adapters.reaper import LABEL
from builder.errors import ArchiveBroken, EngineUnreachable, ImageMissing, NoSpace
from builder.model.build import ContextFile, ImageContext
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from builder.ports.image_files import Images
from tests.fakes.engine import FakeEngine

REAL = pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.enable_socket])
LARGE = os.urandom(3 << 20)  # more than one chunk of anything
TREE = {"b.jpi": b"b", "a.hpi": LARGE, "deeper/c.jpi": b"c", "empty": b""}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Images, and the name of one of them that has ``TREE`` below ``/things``."""

    images: Images
    name: str
    id: str


def _context(base: str) -> ImageContext:
    names = {PurePosixPath("x", name): content for name, content in TREE.items()}
    folders = {each for name in names for each in name.parents} - {PurePosixPath()}
    files = (
        *(ContextFile(name=each, source=None, mode=0o755, time_s=0) for each in folders),
        *(ContextFile(name=n, source=c, mode=0o644, time_s=0) for n, c in names.items()),
    )
    return ImageContext(
        dockerfile=f"FROM {base}\nCOPY x/ /things/\nVOLUME /var/kept\n",
        files=tuple(sorted(files, key=lambda each: each.name)),
    )


def _base(folder: Path) -> StoredFile:
    """Write a tar that holds a folder and a link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, kind in (("var", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.linkname = kind, 0o755, "/things/b.jpi"
            tar.addfile(entry)
    (folder / "base.tar").write_bytes(out.getvalue())
    digest = Digest.of(out.getvalue())
    return StoredFile(digest=digest, size=0, crc32=0, path=folder / "base.tar")


@pytest.fixture(params=["fake", REAL])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    name = f"jblook-{uuid.uuid4().hex[:12]}"
    if request.param == "fake":
        fake = FakeEngine()
        fake.import_base(_base(tmp_path), f"{name}:base")
        yield Shelf(fake, f"{name}:1", fake.build(_context(f"{name}:base"), (f"{name}:1",)).id)
        return
    try:
        client = docker.from_env()
    except DockerException:
        pytest.skip("no container engine answers")
    with closing(client):
        engine = DockerEngine()
        engine.import_base(_base(tmp_path), f"{name}:base")
        yield Shelf(engine, f"{name}:1", engine.build(_context(f"{name}:base"), (f"{name}:1",)).id)
        for each in ("1", "base"):
            client.images.remove(f"{name}:{each}")


def test_a_plain_file_is_read_whole_and_no_further_than_its_limit(shelf: Shelf) -> None:
    with shelf.images.opened(shelf.name) as files:
        assert files.read(PurePosixPath("/things/a.hpi"), limit=len(LARGE)) == LARGE
        assert files.read(PurePosixPath("/things/empty"), limit=0) == b""
        with pytest.raises(ArchiveBroken) as caught:
            files.read(PurePosixPath("/things/a.hpi"), limit=len(LARGE) - 1)
        assert str(caught.value.path).endswith("/things/a.hpi")
        assert files.read(PurePosixPath("/things/b.jpi"), limit=1) == b"b"


@pytest.mark.parametrize("path", ["/things/none", "/none/at/all", "/things", "/link"])
def test_what_is_no_plain_file_is_none(shelf: Shelf, path: str) -> None:
    with shelf.images.opened(shelf.name) as files:
        assert files.read(PurePosixPath(path), limit=9) is None


def test_the_plain_files_of_a_folder_are_copied_measured_and_by_name(
    shelf: Shelf, tmp_path: Path
) -> None:
    with shelf.images.opened(shelf.name) as files:
        copies = files.copy(PurePosixPath("/things"), tmp_path / "out")
    assert [each.path for each in copies] == [
        tmp_path / "out" / name for name in ("a.hpi", "b.jpi", "empty")
    ]
    for each in copies:
        content = TREE[each.path.name]
        assert each.path.read_bytes() == content
        assert (each.digest, each.size) == (Digest.of(content), len(content))
        assert each.crc32 == zlib.crc32(content)


def test_one_plain_file_is_copied_and_nothing_where_there_is_nothing(
    shelf: Shelf, tmp_path: Path
) -> None:
    with shelf.images.opened(shelf.name) as files:
        (copy,) = files.copy(PurePosixPath("/things/b.jpi"), tmp_path)
        assert files.copy(PurePosixPath("/things/none"), tmp_path) == ()
        assert files.copy(PurePosixPath("/link"), tmp_path) == ()
    assert (copy.path, copy.path.read_bytes()) == (tmp_path / "b.jpi", b"b")


def test_an_image_is_known_by_its_id_too(shelf: Shelf) -> None:
    with shelf.images.opened(shelf.id) as files:
        assert files.read(PurePosixPath("/things/b.jpi"), limit=1) == b"b"


def test_an_image_that_is_not_there_is_missed(shelf: Shelf) -> None:
    missed = pytest.raises(ImageMissing, match="jblook-nothing:1")
    with missed, shelf.images.opened("jblook-nothing:1"):
        pass


def _interrupt(client: docker.DockerClient, image: str, made: list[str]) -> None:
    """Note the containers of an image that do not run, then be interrupted."""
    listed = client.api.containers(all=True, filters={"label": LABEL, "status": "created"})
    made += [each["Id"] for each in listed if each["Image"] == image]
    raise KeyboardInterrupt


@pytest.mark.parametrize("shelf", [REAL], indirect=True)
def test_nothing_is_left_in_the_engine_whatever_happens_in_the_block(shelf: Shelf) -> None:
    with closing(docker.from_env()) as client:
        volumes = {each.name for each in client.volumes.list()}
        made: list[str] = []
        with pytest.raises(KeyboardInterrupt), shelf.images.opened(shelf.name):
            _interrupt(client, shelf.id, made)
        assert len(made) == 1
        assert client.api.containers(all=True, filters={"id": made[0]}) == []
        assert {each.name for each in client.volumes.list()} <= volumes


@pytest.mark.parametrize("shelf", [REAL], indirect=True)
def test_a_disk_that_cannot_be_written_to_is_told_as_such(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NoSpace), shelf.images.opened(shelf.name) as files:
        files.copy(PurePosixPath("/things"), tmp_path / "file" / "below")


@pytest.mark.parametrize("made", ["fake", pytest.param("docker", marks=pytest.mark.enable_socket)])
def test_no_daemon_is_told_when_an_image_is_looked_into(made: str, tmp_path: Path) -> None:
    address = f"unix://{tmp_path}/no.sock"
    images: Images = FakeEngine(reachable=False) if made == "fake" else DockerEngine(address)
    with pytest.raises(EngineUnreachable) as caught, images.opened("a:1"):
        pass
    assert caught.value.said == "No such file or directory"
