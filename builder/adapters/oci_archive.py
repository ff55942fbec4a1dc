"""A base image as one tar: an OCI layout with a single manifest in it.

The manifest and the blobs are kept as they came, so the registry's digest of the image holds, and
the same image gives the same tar, to the byte. Layout: ``oci-layout``, ``index.json``, then
``blobs/sha256/<64 hex>``: the manifest, the config, the layers.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from builder.adapters.image_parts import Image, Part
from builder.errors import ArchiveBroken, DigestMismatch
from builder.model.digest import Digest

FIRST = "oci-layout"
_CHUNK = 1 << 20  # bytes
_VERSION = b'{"imageLayoutVersion":"1.0.0"}'


def write(image: Image, target: Path) -> None:
    """Write the tar; every blob is held against its digest on the way.

    Raises:
        DigestMismatch: a blob is not what the manifest says.
        ArchiveBroken: a blob is not there.
    """
    seen: set[Digest] = set()
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as out:
        _add(out, FIRST, _VERSION)
        _add(out, "index.json", _index(image))
        _add(out, _name(Digest.of(image.manifest)), image.manifest)
        for each in (image.config, *image.layers):
            if each.digest not in seen:
                seen.add(each.digest)
                _copy(out, each)


def is_one(path: Path) -> bool:
    """Tell such a tar from that of a root file system."""
    with path.open("rb") as content:
        return content.read(len(FIRST) + 1) == FIRST.encode() + b"\0"


def docker_archive(path: Path, reference: str) -> Iterator[bytes]:
    """Yield the same image in the form that ``docker load`` takes.

    Raises:
        ArchiveBroken: while being consumed; the tar is not one of ours.
    """
    with _opened(path) as archive:
        config = f"{archive.config}.json"
        listing = {
            "Config": config,
            "RepoTags": [reference],
            "Layers": [f"{each}/layer.tar" for each in archive.layers],
        }
        yield from _entry("manifest.json", json.dumps([listing]).encode())
        yield from archive.entry(archive.config, config)
        for each in dict.fromkeys(archive.layers):
            yield from archive.entry(each, f"{each}/layer.tar")
    yield bytes(2 * tarfile.BLOCKSIZE)


class _Archive(Struct, frozen=True, kw_only=True):
    """An opened tar; digests are in hex."""

    tar: tarfile.TarFile
    config: str
    layers: tuple[str, ...]

    def entry(self, digest: str, name: str) -> Iterator[bytes]:
        """Copy a blob under another name."""
        member = self.tar.getmember(f"blobs/sha256/{digest}")
        content = self.tar.extractfile(member)
        yield _head(name, member.size)
        while content and (chunk := content.read(_CHUNK)):
            yield chunk
        yield bytes(-member.size % tarfile.BLOCKSIZE)


@contextmanager
def _opened(path: Path) -> Iterator[_Archive]:
    try:
        with tarfile.open(path, "r:") as tar:
            (described,) = _json(tar, "index.json")["manifests"]
            manifest = _json(tar, f"blobs/sha256/{_hex(described)}")
            yield _Archive(
                tar=tar,
                config=_hex(manifest["config"]),
                layers=tuple(map(_hex, manifest["layers"])),
            )
    except (tarfile.TarError, LookupError, TypeError, ValueError) as fault:
        raise ArchiveBroken(path=path, fault=str(fault)) from fault


def _json(tar: tarfile.TarFile, name: str) -> dict[str, list[dict[str, str]]]:
    content = tar.extractfile(name)
    found = json.loads(content.read() if content else b"")
    return dict(found)


def _hex(described: object) -> str:
    return str(dict(described)["digest"]).removeprefix("sha256:")  # type: ignore[call-overload]  # fails loudly


def _index(image: Image) -> bytes:
    system, machine, *variant = image.platform.split("/")
    named = {"os": system, "architecture": machine}
    if variant:
        named["variant"] = variant[0]
    entry = {
        "mediaType": image.media_type,
        "digest": str(Digest.of(image.manifest)),
        "size": len(image.manifest),
        "platform": named,
    }
    document = {"schemaVersion": 2, "manifests": [entry]}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _name(digest: Digest) -> str:
    return f"blobs/sha256/{digest.hex}"


def _add(out: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    out.addfile(entry, BytesIO(content))


def _copy(out: tarfile.TarFile, part: Part) -> None:
    entry = tarfile.TarInfo(_name(part.digest))
    try:
        entry.size = part.path.stat().st_size
        with part.path.open("rb") as content:
            hashing = _Hashing(content)
            out.addfile(entry, hashing)
    except FileNotFoundError as fault:
        raise ArchiveBroken(path=part.path, fault="a part of the image is missing") from fault
    if hashing.digest != part.digest:
        raise DigestMismatch(name=str(part.digest), wanted=part.digest, got=hashing.digest)


class _Hashing(BytesIO):
    """Reads a file and computes its digest on the way."""

    def __init__(self, content: BinaryIO) -> None:
        super().__init__()
        self._content = content
        self._hash = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on."""
        chunk = self._content.read(-1 if size is None else size)
        self._hash.update(chunk)
        return chunk

    @property
    def digest(self) -> Digest:
        """SHA-256 of what was read."""
        return Digest(self._hash.hexdigest())


def _entry(name: str, content: bytes) -> Iterator[bytes]:
    yield _head(name, len(content)) + content + bytes(-len(content) % tarfile.BLOCKSIZE)


def _head(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size = size
    return entry.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
