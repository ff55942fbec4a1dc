"""What images consist of, wherever they lie: blobs, layers, manifests and indexes as values.

Documents are written one way here, and read with a ``ValueError`` for what is no image.
Source: opencontainers/image-spec, ``manifest.md``, ``image-index.md``, ``config.md``.
"""

import io
import json
import platform as machines
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from builder.image.settled import CREATED, to_bytes
from builder.lock.record import Record
from builder.model.digest import Digest

_OCI = "application/vnd.oci.image"
_DOCKER = "application/vnd.docker"
MANIFESTS = (f"{_OCI}.manifest.v1+json", f"{_DOCKER}.distribution.manifest.v2+json")
INDEXES = (f"{_OCI}.index.v1+json", f"{_DOCKER}.distribution.manifest.list.v2+json")
LAYER = f"{_OCI}.layer.v1.tar"
_CONFIG = f"{_OCI}.config.v1+json"
_DOCKER_LAYER = f"{_DOCKER}.image.rootfs.diff.tar"
_CHUNK = 1 << 20  # bytes
_MOST = 8 << 20  # bytes of a manifest, an index or a config
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm/v7", "i686": "386"}


class Blob(Struct, frozen=True, kw_only=True):
    """Bytes by their digest: a file, a part of a file, or small ones in memory."""

    digest: Digest
    size: int  # bytes
    source: Path | bytes
    offset: int = 0  # where they begin in the file

    @classmethod
    def of(cls, content: bytes) -> "Blob":
        """Hold a small one."""
        return cls(digest=Digest.of(content), size=len(content), source=content)

    @property
    def is_file(self) -> bool:
        """Say whether it is a whole file of its own."""
        return isinstance(self.source, Path) and self.offset == 0

    def open(self) -> BinaryIO:
        """Read it from its beginning to its end."""
        if isinstance(self.source, bytes):
            return io.BytesIO(self.source)
        return cast("BinaryIO", io.BufferedReader(_Window(self.source, self.offset, self.size)))

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes."""
        with self.open() as content:
            while chunk := content.read(_CHUNK):
                yield chunk

    def document(self) -> Record:
        """Read a manifest, an index or a config, which is what its name says.

        Raises:
            ValueError: it is not, it is larger than any, or it is no JSON.
        """
        if self.size > _MOST:
            fault = f"{self.digest} has more than {_MOST} bytes"
            raise ValueError(fault)
        content = b"".join(self.chunks())
        if Digest.of(content) != self.digest:
            fault = f"{self.digest} is damaged"
            raise ValueError(fault)
        return document_of(content)


class Layer(Struct, frozen=True, kw_only=True):
    """One layer, as a manifest has it."""

    media_type: str
    blob: Blob
    diff_id: Digest  # of the tar, unpacked

    @property
    def as_oci(self) -> "Layer":
        """Say Docker's name of its type as OCI does."""
        said = self.media_type.replace(f"{_DOCKER_LAYER}.", f"{LAYER}+")
        return Layer(
            media_type=said.replace(_DOCKER_LAYER, LAYER), blob=self.blob, diff_id=self.diff_id
        )


class Image(Struct, frozen=True, kw_only=True):
    """One image for one platform."""

    manifest: Blob
    media_type: str  # of the manifest
    platform: str  # such as ``linux/amd64``
    config: Blob
    layers: tuple[Layer, ...]  # from the lowest; one may come twice

    @property
    def id(self) -> str:
        """Name it as engines do: it says nothing of how layers are packed."""
        return str(self.config.digest)

    @property
    def blobs(self) -> tuple[Blob, ...]:
        """Give all that it consists of, the manifest first, the layers last."""
        return (self.manifest, self.config, *(each.blob for each in self.layers))


class Choice(Struct, frozen=True, kw_only=True):
    """One entry of an index."""

    digest: Digest
    media_type: str
    platform: str | None


def own_platform() -> str:
    """Give the platform of this machine, as images are named: ``linux/amd64``."""
    machine = machines.machine()
    return f"linux/{_MACHINES.get(machine, machine)}"


def document_of(content: bytes) -> Record:
    """Read a document of any size."""
    return Record(json.loads(content), "")


def media_type_of(content: bytes) -> str:
    """Tell what a document of a registry is; old ones do not say it themselves."""
    document = document_of(content)
    said = document.maybe_text("mediaType")
    return said or (INDEXES[0] if document.maybe_records("manifests") else MANIFESTS[0])


def choices(index: Record) -> tuple[Choice, ...]:
    """List the images and indexes of an index; attestations, which nobody runs, are left out."""
    found = (_choice(each) for each in index.maybe_records("manifests"))
    return tuple(each for each in found if each.platform != "unknown/unknown")


def choose(found: tuple[Choice, ...], wanted: str | None) -> Choice:
    """Take the image for a platform; an only one that does not say which it is for will do."""
    platform = wanted or own_platform()
    fitting = [each for each in found if each.platform == platform]
    if not fitting and len(found) == 1 and found[0].platform is None:
        fitting = list(found)
    if len(fitting) != 1:
        there = ", ".join(each.platform or "one that names none" for each in found) or "none"
        fault = f"{len(fitting)} images in it are for {platform}; there are: {there}"
        raise ValueError(fault)
    return fitting[0]


def platform_of(config: Record) -> str:
    """Spell a platform; 64-bit ARM has one variant, which most leave out."""
    system, machine = config.word("os"), config.word("architecture")
    variant = config.maybe_text("variant")
    spelt = f"{system}/{machine}"
    return f"{spelt}/{variant}" if variant and (machine, variant) != ("arm64", "v8") else spelt


def platform_facts(platform: str) -> dict[str, object]:
    """Write a platform as images and indexes do."""
    system, machine, *variant = platform.split("/")
    facts: dict[str, object] = {"os": system, "architecture": machine}
    return {**facts, "variant": variant[0]} if variant else facts


def described(media_type: str, blob: Blob) -> dict[str, object]:
    """Write a descriptor."""
    return {"mediaType": media_type, "digest": str(blob.digest), "size": blob.size}


def entry_of(image: Image) -> dict[str, object]:
    """Write what an index says of an image."""
    named = {"platform": platform_facts(image.platform)}
    return {**described(image.media_type, image.manifest), **named}


def index_of(entries: list[dict[str, object]]) -> Blob:
    """Write the index of several images."""
    said = {"schemaVersion": 2, "mediaType": INDEXES[0], "manifests": entries}
    return Blob.of(to_bytes(said))


def image_of(config: bytes, layers: tuple[Layer, ...], platform: str) -> Image:
    """Write the manifest of an image."""
    described_layers = [described(each.media_type, each.blob) for each in layers]
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFESTS[0],
        "config": described(_CONFIG, Blob.of(config)),
        "layers": described_layers,
    }
    return Image(
        manifest=Blob.of(to_bytes(manifest)),
        media_type=MANIFESTS[0],
        platform=platform,
        config=Blob.of(config),
        layers=layers,
    )


def bare_image(layer: Blob, platform: str) -> Image:
    """Make an image of a root file system: one layer, and a config that says nothing."""
    about: Mapping[str, object] = {
        **platform_facts(platform),
        "config": {},
        "created": CREATED,
        "history": [{"created": CREATED, "created_by": "root file system"}],
        "rootfs": {"type": "layers", "diff_ids": [str(layer.digest)]},
    }
    only = Layer(media_type=LAYER, blob=layer, diff_id=layer.digest)
    return image_of(to_bytes(about), (only,), platform)


def _choice(record: Record) -> Choice:
    named = record.maybe_text("mediaType") or MANIFESTS[0]
    digest = Digest.parse(record.text("digest"))
    try:
        platform = platform_of(record.record("platform"))
    except ValueError:
        platform = None
    return Choice(digest=digest, media_type=named, platform=platform)


class _Window(io.RawIOBase):
    """A part of a file."""

    def __init__(self, path: Path, offset: int, size: int) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._file.seek(offset)
        self._left = size

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read on, not beyond the end of the part."""
        view = memoryview(cast("bytearray", buffer))[: self._left]
        count = self._file.readinto(view) if len(view) else 0
        self._left -= count
        return count

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()
