"""Hands images to a container engine, without the layers that it is known to have."""

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, cast

from builder.adapters import oci_write
from builder.adapters.engine import DockerEngine
from builder.adapters.oci_parts import Image
from builder.errors import BuildFailed
from builder.image.reference import Reference
from builder.model.digest import Digest

if TYPE_CHECKING:
    from docker import DockerClient

_SILENCE_TIMEOUT_S = 1800  # the engine unpacks everything before it answers


class DockerLoader(DockerEngine):
    """A container engine that is to run what was made without it."""

    def load(self, image: Image, base: str, tags: tuple[str, ...]) -> None:
        """Load an image, unless it is there, and tag it.

        An engine has the lowest layers of an image where one of its own begins with them.

        Args:
            image: the image.
            base: the reference of its base, which the engine may have, too.
            tags: what it is to be called.

        Raises:
            EngineUnreachable: no engine answers.
            BuildFailed: it refuses.
        """
        with self._client("load") as client:
            if _layers(client, image.id) is None:
                known = [_layers(client, each) or () for each in (base, *tags)]
                shared = max((_shared(image, each) for each in known), key=len)
                said = self._load(client, image, tags, shared)
                if shared and _layers(client, image.id) is None:  # its image went meanwhile
                    said = self._load(client, image, tags, ())
                if _layers(client, image.id) is None:
                    raise BuildFailed(step="load", said=said)
            for each in map(Reference.parse, tags):
                client.api.tag(image.id, each.repository, each.tag)

    def _load(
        self,
        client: "DockerClient",
        image: Image,
        tags: tuple[str, ...],
        shared: tuple[Digest, ...],
    ) -> tuple[str, ...]:
        """Send an archive; give what the engine says of errors."""
        client.api.timeout = _SILENCE_TIMEOUT_S
        total = sum(each.blob.size for each in image.layers if each.diff_id not in shared)
        chunks = self._counted(oci_write.docker_archive(image, tags, shared), total)
        # Requests streams any iterable of bytes; the stub asks for less than it takes.
        events = client.api.load_image(cast("IO[bytes]", chunks))  # type: ignore[no-untyped-call]
        return tuple(str(each["error"]) for each in events if "error" in each)

    def _counted(self, chunks: Iterator[bytes], total: int) -> Iterator[bytes]:
        """Tell how much has been sent."""
        done = 0
        for each in chunks:
            yield each
            done += len(each)
            self._progress(min(done, total), total, "bytes")


def _layers(client: "DockerClient", reference: str) -> tuple[str, ...] | None:
    """List the layers of an image by the digests of their tars; None where there is no image."""
    from docker.errors import ImageNotFound

    try:
        return tuple(client.images.get(reference).attrs["RootFS"].get("Layers") or ())
    except ImageNotFound:
        return None


def _shared(image: Image, known: tuple[str, ...]) -> tuple[Digest, ...]:
    """Give the layers that two images begin with."""
    shared = []
    for layer, other in zip(image.layers, known, strict=False):
        if str(layer.diff_id) != other:
            break
        shared.append(layer.diff_id)
    return tuple(shared)
