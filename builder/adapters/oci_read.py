"""The one reader of images that lie on this machine: OCI layouts, and archives of OCI or Docker.

Nothing is unpacked: what a tar holds is read where it lies.

Raises ``ValueError`` for what is no image, ``OSError`` and ``tarfile.TarError`` as they come.
"""

import bz2
import gzip
import hashlib
import json
import lzma
import posixpath
import re
import shutil
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from builder.adapters.oci_parts import (
    INDEXES,
    LAYER,
    MANIFESTS,
    Blob,
    Choice,
    Image,
    Layer,
    choices,
    choose,
    document_of,
    entry_of,
    image_of,
    index_of,
    platform_of,
)
from builder.image.settled import to_bytes
from builder.lock.record import Record
from builder.model.digest import Digest

FIRST = "oci-layout"
"""The first entry of every archive that jbuild writes of an image."""

_DEEPEST = 3  # indexes within indexes
_MOST = 8 << 20  # bytes of an index
_BLOB = re.compile(r"(?:blobs/sha256/)?([0-9a-f]{64})")
_GZIP = b"\x1f\x8b"
_PACKED = {_GZIP: gzip.GzipFile, b"BZh": bz2.BZ2File, b"\xfd7zXZ": lzma.LZMAFile}


class Layout(Struct, frozen=True, kw_only=True):
    """What a layout's index names, and where every blob of it is."""

    index: bytes
    blobs: Mapping[Digest, Blob]

    def images(self) -> tuple[Image, ...]:
        """Find every image, each once, in the order of the indexes."""
        return tuple(self._image(each, each.platform) for each in self._choices(self.index))

    def image(self, wanted: str | None, manifest: Digest | None = None) -> Image:
        """Find the image for a platform, or the one with a manifest."""
        found = self._choices(self.index)
        named = [each for each in found if each.digest == manifest]
        chosen = named[0] if named else choose(found, wanted)
        if manifest and chosen.digest != manifest:
            fault = f"{manifest} is no longer in it"
            raise ValueError(fault)
        return self._image(chosen, wanted)

    def top(self) -> tuple[str, Blob]:
        """Give what a tag can mean: the one thing that the index names, with its media type.

        Several side by side get an index of their own; the names that a layout gives are left out.
        """
        entries = _entries(self.index)
        if len(entries) == 1:
            (only,) = document_of(self.index).records("manifests")[:1]
            return only.maybe_text("mediaType") or MANIFESTS[0], self._blob(_digest(only))
        return INDEXES[0], index_of(entries)

    def _choices(self, index: bytes, depth: int = _DEEPEST) -> tuple[Choice, ...]:
        """List every image of an index and of those inside it."""
        found: list[Choice] = []
        for each in choices(document_of(index)):
            if each.media_type in INDEXES and depth > 0:
                within = self._blob(each.digest)
                within.document()  # is what its name says
                found += self._choices(b"".join(within.chunks()), depth - 1)
            elif each.media_type in MANIFESTS:
                found.append(each)
        return tuple(dict.fromkeys(found))

    def _image(self, chosen: Choice, wanted: str | None) -> Image:
        return image_in(self._blob(chosen.digest), chosen.media_type, self.blobs, wanted)

    def _blob(self, digest: Digest) -> Blob:
        return _held(self.blobs, digest)


def image_in(
    manifest: Blob, media_type: str, blobs: Mapping[Digest, Blob], wanted: str | None
) -> Image:
    """Put an image together out of its manifest and the blobs around it."""
    if media_type not in MANIFESTS:
        fault = f"its manifest is {media_type}, which is none of an image that can be built on"
        raise ValueError(fault)
    document = manifest.document()
    config = _held(blobs, _digest(document.record("config")))
    about = config.document()
    platform = platform_of(about)
    if wanted and platform != wanted:
        fault = f"it is for {platform}, and {wanted} is asked for"
        raise ValueError(fault)
    pairs = zip(document.records("layers"), about.record("rootfs").texts("diff_ids"), strict=True)
    return Image(
        manifest=manifest,
        media_type=media_type,
        platform=platform,
        config=config,
        layers=tuple(
            Layer(
                media_type=each.text("mediaType"),
                blob=_held(blobs, _digest(each)),
                diff_id=Digest.parse(diff_id),
            )
            for each, diff_id in pairs
        ),
    )


def blobs_in(folder: Path) -> dict[Digest, Blob]:
    """List the files of a folder whose names are digests."""
    found = [each for each in folder.iterdir() if _BLOB.fullmatch(each.name) and each.is_file()]
    listed = [
        Blob(digest=Digest(each.name), size=each.stat().st_size, source=each) for each in found
    ]
    return {each.digest: each for each in listed}


def layout(folder: Path) -> Layout:
    """Read an OCI layout."""
    with (folder / "index.json").open("rb") as content:
        index = content.read(_MOST)
    document_of(index)
    return Layout(index=index, blobs=blobs_in(folder / "blobs" / "sha256"))


def is_image(path: Path) -> bool:
    """Tell an archive that jbuild wrote of an image from the tar of a root file system."""
    with path.open("rb") as content:
        return content.read(len(FIRST) + 1) == FIRST.encode() + b"\0"


def is_oci(path: Path) -> bool:
    """Tell an archive of OCI from Docker's; one may be both, then OCI's counts."""
    with tarfile.open(path) as tar:
        return "index.json" in {_name(each) for each in tar}


def archive(path: Path, scratch: Path | None = None) -> Layout:
    """Read an archive of OCI, or of Docker.

    Args:
        path: a tar; it may be packed where there is a ``scratch``.
        scratch: an empty folder that stays as long as the layout is used.
    """
    with path.open("rb") as content:
        head = content.read(8)
    opener = next((each for magic, each in _PACKED.items() if head.startswith(magic)), None)
    if opener and scratch:
        plain = scratch / "plain.tar"
        unpacking = cast("Callable[[Path], BinaryIO]", opener)
        with unpacking(path) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out)
        return archive(plain)
    with tarfile.open(path, "r:") as tar:
        members = {_name(each): each for each in tar}
    if "index.json" in members:
        index = b"".join(_member(path, members, "index.json").chunks())
        found = (
            Blob(digest=Digest(named[1]), size=each.size, source=path, offset=each.offset_data)
            for name, each in members.items()
            if each.isfile() and name.startswith("blobs/") and (named := _BLOB.fullmatch(name))
        )
        return Layout(index=index, blobs={each.digest: each for each in found})
    if "manifest.json" not in members:
        fault = "it is neither docker's archive nor OCI's: it has no manifest.json"
        raise ValueError(fault)
    return _of_docker(path, members)


def _of_docker(path: Path, members: Mapping[str, tarfile.TarInfo]) -> Layout:
    """Write the manifest and the index that such an archive lacks."""
    listed = json.loads(b"".join(_member(path, members, "manifest.json").chunks()))
    if not isinstance(listed, list) or len(listed) != 1:
        fault = "it holds several images, or none"
        raise ValueError(fault)
    document = Record(listed[0], "manifest.json")
    config = b"".join(_member(path, members, document.text("Config")).chunks())
    about = document_of(config)
    diff_ids = about.record("rootfs").texts("diff_ids")
    names = document.texts("Layers")
    layers = tuple(
        _layer(_member(path, members, name), Digest.parse(diff_id))
        for name, diff_id in zip(names, diff_ids, strict=True)
    )
    image = image_of(config, layers, platform_of(about))
    index = to_bytes({"schemaVersion": 2, "manifests": [entry_of(image)]})
    return Layout(index=index, blobs={each.digest: each for each in image.blobs})


def _member(path: Path, members: Mapping[str, tarfile.TarInfo], name: str) -> Blob:
    """Find a file of a tar, also by way of the links of older engines; its digest is taken."""
    found = members.get(name)
    while found and (found.issym() or found.islnk()):
        at = posixpath.join(posixpath.dirname(_name(found)), found.linkname)
        found = members.get(posixpath.normpath(at) if found.issym() else found.linkname)
    if found is None or not found.isfile():
        fault = f"it has no {name}"
        raise ValueError(fault)
    place = Blob(digest=Digest.of(b""), size=found.size, source=path, offset=found.offset_data)
    hashing = hashlib.sha256()
    for chunk in place.chunks():
        hashing.update(chunk)
    return Blob(
        digest=Digest(hashing.hexdigest()),
        size=place.size,
        source=path,
        offset=place.offset,
    )


def _layer(blob: Blob, diff_id: Digest) -> Layer:
    with blob.open() as content:
        packed = content.read(2) == _GZIP
    return Layer(media_type=f"{LAYER}+gzip" if packed else LAYER, blob=blob, diff_id=diff_id)


def _entries(index: bytes) -> list[dict[str, object]]:
    """List what an index names, each once, without the names that a layout gives."""
    listed: Iterable[dict[str, object]] = json.loads(index).get("manifests") or ()
    bare = ({k: v for k, v in each.items() if k != "annotations"} for each in listed)
    by_digest = {str(each.get("digest")): each for each in bare}
    return list(by_digest.values())


def _digest(record: Record) -> Digest:
    return Digest.parse(record.text("digest"))


def _held(blobs: Mapping[Digest, Blob], digest: Digest) -> Blob:
    if digest not in blobs:
        fault = f"{digest} is missing"
        raise ValueError(fault)
    return blobs[digest]


def _name(member: tarfile.TarInfo) -> str:
    return member.name.removeprefix("./")
