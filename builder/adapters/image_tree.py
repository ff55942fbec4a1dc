"""``ImageFiles`` over the container SDK: out of a container that is made and never started."""

import io
import tarfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from builder.adapters import reaper
from builder.adapters.faults import disk_faults
from builder.adapters.measure import Measure
from builder.errors import ArchiveBroken, ImageMissing
from builder.model.stored import StoredFile

if TYPE_CHECKING:
    from docker import DockerClient

_CHUNK = 1 << 20  # bytes
_NEVER_RUN = ["/never-run"]  # an image may come without a command, a container may not


class ImageTree:
    """The files of a container."""

    def __init__(self, client: "DockerClient", container: str, reference: str) -> None:
        self._api = client.api
        self._container = container
        self._reference = reference

    def read(self, path: PurePosixPath, *, limit: int) -> bytes | None:
        """Read a plain file, no further than its limit."""
        for entry, content in self._plain_files(path):
            if len(PurePosixPath(entry.name).parts) > 1:
                return None  # that path is a folder
            if entry.size > limit:
                where = Path(f"{self._reference}:{path}")
                raise ArchiveBroken(path=where, fault=f"it has more than {limit} bytes")
            return content.read()
        return None

    def copy(self, path: PurePosixPath, folder: Path) -> tuple[StoredFile, ...]:
        """Write files down as they come; what lies deeper is passed over."""
        found = []
        for entry, content in self._plain_files(path):
            *above, name = PurePosixPath(entry.name).parts
            if len(above) <= 1:
                found.append(_written(content, folder / name))
        return tuple(sorted(found, key=lambda each: each.path))

    def _plain_files(self, path: PurePosixPath) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
        """Give the plain files at and below a path, each to be read before the next."""
        from docker.errors import NotFound

        try:
            chunks, _ = self._api.get_archive(self._container, str(path))
        except NotFound:
            return
        # Closing breaks the connection where not all of it is wanted.
        with closing(chunks):
            try:
                with tarfile.open(fileobj=_Stream(chunks), mode="r|") as tar:
                    yield from _plain(tar)
            except tarfile.TarError as fault:
                where = Path(f"{self._reference}:{path}")
                raise ArchiveBroken(path=where, fault=str(fault)) from fault


@contextmanager
def opened(
    client: "DockerClient", reference: str, environment: Mapping[str, str]
) -> Iterator[ImageTree]:
    """Make the container; neither it nor a volume is left, even where jbuild is killed.

    Args:
        client: of the engine.
        reference: of the image.
        environment: whose ``DOCKER_HOST`` names the same engine.

    Raises:
        ImageMissing: there is no such image.
    """
    from docker.errors import ImageNotFound

    try:
        image = client.images.get(reference).id
    except ImageNotFound as fault:
        raise ImageMissing(reference=reference) from fault
    session = uuid.uuid4().hex
    with reaper.guard(session, environment) as release:
        try:
            made = client.api.create_container(image, _NEVER_RUN, labels={reaper.LABEL: session})
            yield ImageTree(client, made["Id"], reference)
        finally:
            reaper.remove_containers(client, session)
            release()


class _Stream(io.RawIOBase):
    """Reads on over chunks of any size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Give so many bytes, fewer only at the end."""
        parts, wanted = [], size
        while wanted and (self._rest or self._refill()):
            part, self._rest = self._rest[:wanted], self._rest[wanted:]
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _refill(self) -> bool:
        self._rest = next(self._chunks, b"")
        return bool(self._rest)


def _plain(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content:
            yield entry, content


def _written(content: IO[bytes], path: Path) -> StoredFile:
    """Write one file; what the connection says meanwhile is none of the disk's business."""
    measure = Measure()
    with disk_faults(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        out = path.open("wb")
    with out:
        while chunk := content.read(_CHUNK):
            with disk_faults(path.parent):
                out.write(chunk)
                out.flush()
            measure.add(chunk)
    found = measure.result()
    return StoredFile(digest=found.digest, size=found.size, crc32=found.crc32, path=path)
