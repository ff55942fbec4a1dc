"""A finished image and its shapes: an OCI layout in a folder, a docker-archive as one tar."""

import json
import os
import tarfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from builder.adapters.faults import disk_faults
from builder.adapters.oci_blobs import Blob
from builder.errors import BuildFailed
from builder.image.settled import to_bytes
from builder.model.digest import Digest

_CHUNK = 1 << 20  # bytes
_CONFIG = "application/vnd.oci.image.config.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"
_NAME = "org.opencontainers.image.ref.name"


class OciImage(Struct, frozen=True, kw_only=True):
    """One image for one platform."""

    config: bytes
    layers: tuple[Blob, ...]  # the lowest first
    platform: str

    @property
    def id(self) -> str:
        """Name it as engines do: it says nothing of how layers are packed."""
        return str(Digest.of(self.config))

    @property
    def manifest(self) -> bytes:
        """Write its manifest."""
        return to_bytes(
            {
                "schemaVersion": 2,
                "mediaType": _MANIFEST,
                "config": described(_CONFIG, self.config),
                "layers": [
                    {
                        "mediaType": each.media_type,
                        "digest": str(each.file.digest),
                        "size": each.file.size,
                    }
                    for each in self.layers
                ],
            }
        )


def described(media_type: str, content: bytes) -> dict[str, object]:
    """Describe a small blob."""
    return {"mediaType": media_type, "digest": str(Digest.of(content)), "size": len(content)}


def write_layout(folder: Path, images: tuple[OciImage, ...], tags: tuple[str, ...]) -> Digest:
    """Write an OCI layout; blobs that are there stay, the index names these images alone.

    Returns:
        The digest of the manifest, or of the index of several platforms.

    Raises:
        BuildFailed: the folder holds something that is no OCI layout.
        NoSpace: the disk is full, or may not be written to.
    """
    with disk_faults(folder):
        if folder.exists() and any(folder.iterdir()) and not (folder / "oci-layout").is_file():
            raise BuildFailed(step=f"write {folder}", said=("it holds other files than an image",))
        blobs = folder / "blobs" / "sha256"
        blobs.mkdir(parents=True, exist_ok=True)
        for image in images:
            for layer in image.layers:
                _copy(layer, blobs / layer.file.digest.hex)
            for content in (image.config, image.manifest):
                _put(blobs / Digest.of(content).hex, content)
        root = _root(images)
        content = images[0].manifest if len(images) == 1 else _index(images)
        _put(blobs / Digest.of(content).hex, content)
        named = [{**root, "annotations": {_NAME: each}} for each in tags]
        _put(folder / "oci-layout", to_bytes({"imageLayoutVersion": "1.0.0"}))
        listing = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": named}
        _put(folder / "index.json", to_bytes(listing))
    return Digest.of(content)


def _root(images: tuple[OciImage, ...]) -> dict[str, object]:
    """Describe what a tag names."""
    if len(images) > 1:
        return described(_INDEX, _index(images))
    return _for_platform(images[0])


def _index(images: tuple[OciImage, ...]) -> bytes:
    manifests = [_for_platform(each) for each in images]
    return to_bytes({"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests})


def _for_platform(image: OciImage) -> dict[str, object]:
    system, machine, *variant = image.platform.split("/")
    platform = {"os": system, "architecture": machine}
    platform |= {"variant": variant[0]} if variant else {}
    return {**described(_MANIFEST, image.manifest), "platform": platform}


def write_archive(path: Path, image: OciImage, tags: tuple[str, ...]) -> None:
    """Write a docker-archive, whole or not at all.

    Raises:
        NoSpace: the disk is full, or may not be written to.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with disk_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as out:
                for chunk in archive(image, tags):
                    out.write(chunk)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def archive(
    image: OciImage, tags: tuple[str, ...], without: Collection[Digest] = ()
) -> Iterator[bytes]:
    """Yield a docker-archive: configuration and manifest first, then the layers.

    Args:
        image: whose layers are not packed by zstd, which older engines do not know.
        tags: what it is to be called.
        without: layers that whoever reads it has, by the digest of their tar.
    """
    config = f"{Digest.of(image.config).hex}.json"
    names = [f"{each.diff_id.hex}.tar" for each in image.layers]
    manifest = [{"Config": config, "RepoTags": list(tags), "Layers": names}]
    yield from _small(config, image.config)
    yield from _small("manifest.json", json.dumps(manifest).encode())
    for name, layer in zip(names, image.layers, strict=True):
        if layer.diff_id not in without:
            yield _header(name, layer.file.size)
            yield from _read(layer.file.path)
            yield bytes(-layer.file.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _small(name: str, content: bytes) -> Iterable[bytes]:
    return (_header(name, len(content)), content + bytes(-len(content) % tarfile.BLOCKSIZE))


def _header(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as content:
        while chunk := content.read(_CHUNK):
            yield chunk


def _copy(layer: Blob, target: Path) -> None:
    """Copy a blob of the store, unless it is there: its name tells its content."""
    if target.is_file() and target.stat().st_size == layer.file.size:
        return
    import shutil

    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(layer.file.path, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(content)
        beside.replace(path)
