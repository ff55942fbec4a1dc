"""The one writer of images: OCI layouts in folders, archives of OCI and of Docker as tars.

The same images give the same bytes, to the last.
Source: opencontainers/image-spec, ``image-layout.md``; ``docker save`` for its archive.
"""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Collection, Iterator
from pathlib import Path

from builder.adapters import tar_stream
from builder.adapters.faults import disk_faults
from builder.adapters.oci_parts import Blob, Image, described, entry_of, index_of
from builder.adapters.oci_read import FIRST, Layout
from builder.errors import BuildFailed, DigestMismatch
from builder.image.rootfs import Owner
from builder.image.settled import to_bytes
from builder.model.digest import Digest

_NAME = "org.opencontainers.image.ref.name"
_VERSION = to_bytes({"imageLayoutVersion": "1.0.0"})
_Entry = dict[str, object]


def layout(
    folder: Path, images: tuple[Image, ...], tags: tuple[str, ...] = (), *, link: bool = False
) -> Digest:
    """Write an OCI layout; blobs that are there stay, the index names these images alone.

    Args:
        folder: made, where it is not there.
        images: one a platform.
        tags: what they are called; several images are named by way of an index.
        link: blobs that are files are linked to: the layout is for reading only, here.

    Returns:
        The digest of the manifest, or of the index of several platforms.

    Raises:
        BuildFailed: the folder holds something that is no OCI layout.
        NoSpace: the disk is full, or may not be written to.
    """
    root, blobs = _rooted(images)
    with disk_faults(folder):
        if folder.exists() and any(folder.iterdir()) and not (folder / FIRST).is_file():
            raise BuildFailed(step=f"write {folder}", said=("it holds other files than an image",))
        _fill(folder, blobs, _index(root, tags), link=link)
    return blobs[0].digest


def with_one_entry(folder: Path, whole: Layout) -> None:
    """Write a layout whose index names one thing, which is what a tag can mean; blobs are linked.

    Raises:
        OSError: the disk is full, or may not be written to.
    """
    media_type, top = whole.top()
    _fill(folder, (*whole.blobs.values(), top), _index(described(media_type, top), ()), link=True)


def archive(path: Path, images: tuple[Image, ...], tags: tuple[str, ...] = ()) -> None:
    """Write an archive of OCI; every blob is held against its digest on the way.

    Raises:
        DigestMismatch: a blob is not what the manifest says.
        OSError: a blob or the disk fails.
    """
    root, blobs = _rooted(images)
    small = {FIRST: Blob.of(_VERSION), "index.json": Blob.of(_index(root, tags))}
    named = {**small, **{f"blobs/sha256/{each.digest.hex}": each for each in blobs}}
    whole_or_not(path, _padded(_entries(named)))


def docker_archive(
    image: Image, tags: tuple[str, ...], without: Collection[Digest] = ()
) -> Iterator[bytes]:
    """Yield Docker's archive: configuration and manifest first, then the layers.

    Args:
        image: whose layers are not packed by zstd, which older engines do not know.
        tags: what it is to be called.
        without: layers that whoever reads it has, by the digest of their tar.
    """
    config = f"{image.config.digest.hex}.json"
    names = [f"{each.diff_id.hex}.tar" for each in image.layers]
    manifest = [{"Config": config, "RepoTags": list(tags), "Layers": names}]
    named = {config: image.config, "manifest.json": Blob.of(json.dumps(manifest).encode())}
    for name, layer in zip(names, image.layers, strict=True):
        if layer.diff_id not in without:
            named[name] = layer.blob
    yield from _entries(named)
    yield tar_stream.END


def whole_or_not(path: Path, chunks: Iterator[bytes]) -> None:
    """Write a file beside, then rename it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with beside.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _rooted(images: tuple[Image, ...]) -> tuple[_Entry, tuple[Blob, ...]]:
    """Describe what a tag names, and list every blob once, that one first."""
    blobs = {blob.digest: blob for image in images for blob in image.blobs}
    if len(images) == 1:
        return entry_of(images[0]), tuple(blobs.values())
    index = index_of([entry_of(each) for each in images])
    return described("application/vnd.oci.image.index.v1+json", index), (index, *blobs.values())


def _index(root: _Entry, tags: tuple[str, ...]) -> bytes:
    named = [{**root, "annotations": {_NAME: each}} for each in tags]
    return to_bytes({"schemaVersion": 2, "manifests": named or [root]})


def _fill(folder: Path, blobs: tuple[Blob, ...], index: bytes, *, link: bool) -> None:
    """Write all that a layout consists of, the index last."""
    target = folder / "blobs" / "sha256"
    target.mkdir(parents=True, exist_ok=True)
    for each in blobs:
        _place(each, target / each.digest.hex, link=link)
    _put(folder / FIRST, _VERSION)
    _put(folder / "index.json", index)


def _place(blob: Blob, target: Path, *, link: bool) -> None:
    """Bring a blob to its place, unless it is there: its name tells its content."""
    if isinstance(blob.source, bytes):
        _put(target, blob.source)
    elif link and blob.is_file:
        target.unlink(missing_ok=True)
        target.symlink_to(blob.source.resolve())
    elif not target.is_file() or target.stat().st_size != blob.size:
        _copy(blob, blob.source, target)


def _copy(blob: Blob, source: Path, target: Path) -> None:
    if not blob.is_file or source.stat().st_size != blob.size:
        whole_or_not(target, blob.chunks())
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, beside)  # by the kernel, where it can
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        whole_or_not(path, iter((content,)))


def _entries(named: dict[str, Blob]) -> Iterator[bytes]:
    """Yield the entries of a tar, and hold each against its digest."""
    for name, blob in named.items():
        hashing = hashlib.sha256()
        yield tar_stream.head(name, blob.size, mode=0o644, time_s=0, owner=Owner())
        for chunk in blob.chunks():
            hashing.update(chunk)
            yield chunk
        if hashing.hexdigest() != blob.digest.hex:
            got = Digest(hashing.hexdigest())
            raise DigestMismatch(name=str(blob.digest), wanted=blob.digest, got=got)
        yield bytes(-blob.size % tarfile.BLOCKSIZE)


def _padded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """End a tar as tools do, which write records; what locks pin ends so."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        yield chunk
    yield tar_stream.END + bytes(-(size + len(tar_stream.END)) % tarfile.RECORDSIZE)
