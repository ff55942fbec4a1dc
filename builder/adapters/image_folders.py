"""Images that lie on this machine: OCI layouts, and archives of OCI or Docker, unpacked.

Raises ``ValueError`` for what is no image, ``OSError`` and ``tarfile.TarError`` as they come.
"""

import hashlib
import json
import re
import tarfile
from pathlib import Path

from builder.adapters.image_parts import (
    INDEXES,
    MANIFESTS,
    OCI,
    Choice,
    Image,
    choices,
    choose,
    image_of,
)
from builder.lock.record import Record
from builder.model.digest import Digest

_CHUNK = 1 << 20  # bytes
_DEEPEST = 3  # indexes within indexes
_MOST = 4 << 20  # bytes of a manifest or an index
_GZIP = b"\x1f\x8b"
_WANTED = re.compile(r"(?:\./)?(index\.json|blobs/sha256/[0-9a-f]{64})")


def of_layout(folder: Path, wanted: str | None, manifest: Digest | None) -> Image:
    """Find the image for a platform, or the one with a manifest, in an OCI layout."""
    index = _small(folder / "index.json")
    found = _all(folder, index, _DEEPEST)
    named = [each for each in found if each.digest == manifest]
    chosen = named[0] if named else choose(found, wanted)
    if manifest and chosen.digest != manifest:
        fault = f"{manifest} is no longer in it"
        raise ValueError(fault)
    return image_of(
        _blob(folder, chosen.digest), chosen.media_type, lambda d: _path(folder, d), wanted
    )


def all_of(folder: Path) -> tuple[Image, ...]:
    """Find every image of an OCI layout."""
    return tuple(
        image_of(
            _blob(folder, each.digest), each.media_type, lambda d: _path(folder, d), each.platform
        )
        for each in _all(folder, _small(folder / "index.json"), _DEEPEST)
    )


def unpack(path: Path, folder: Path) -> None:
    """Take index and blobs out of an archive of OCI; anything else in it stays there."""
    folder.mkdir(exist_ok=True)
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    with tarfile.open(path) as tar:
        for each in tar:
            if (found := _WANTED.fullmatch(each.name)) and each.isfile():
                _unpack(tar, each, folder / found[1])


def of_archive(path: Path, folder: Path, wanted: str | None, manifest: Digest | None) -> Image:
    """Find it in a tar, by way of an empty folder; an archive may be both, then OCI's counts."""
    with tarfile.open(path) as tar:
        members = [each for each in tar if each.isfile() or each.issym() or each.islnk()]
        names = {each.name.removeprefix("./") for each in members}
        if "index.json" in names:
            unpack(path, folder)
            return of_layout(folder, wanted, manifest)
        if "manifest.json" not in names:
            fault = "it is neither docker's archive nor OCI's: it has no manifest.json"
            raise ValueError(fault)
        return _of_docker(tar, folder, wanted)


def _all(folder: Path, index: bytes, depth: int) -> tuple[Choice, ...]:
    """List every image of an index and of those inside it."""
    found: list[Choice] = []
    for each in choices(index):
        if each.media_type in INDEXES and depth > 0:
            found += _all(folder, _blob(folder, each.digest), depth - 1)
        elif each.media_type in MANIFESTS:
            found.append(each)
    return tuple(dict.fromkeys(found))


def _of_docker(tar: tarfile.TarFile, folder: Path, wanted: str | None) -> Image:
    """Write the manifest that such an archive lacks."""
    listed = json.loads(_member(tar, "manifest.json"))
    if not isinstance(listed, list) or len(listed) != 1:
        fault = "it holds several images, or none"
        raise ValueError(fault)
    document = Record(listed[0], "manifest.json")
    config = _member(tar, document.text("Config"))
    digest = Digest.of(config)
    (folder / digest.hex).write_bytes(config)
    layers = [_layer(tar, each, folder) for each in document.texts("Layers")]
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFESTS[0],
        "config": _described(f"{OCI}.config.v1+json", digest, len(config)),
        "layers": layers,
    }
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    return image_of(text, MANIFESTS[0], lambda d: folder / d.hex, wanted)


def _layer(tar: tarfile.TarFile, name: str, folder: Path) -> dict[str, object]:
    content = tar.extractfile(name)  # follows the links of older engines, within the archive
    if content is None:
        raise ValueError(name)
    part, hashing, size, head = folder / "part", hashlib.sha256(), 0, b""
    with part.open("wb") as out:
        while chunk := content.read(_CHUNK):
            head = head or chunk[:2]
            hashing.update(chunk)
            out.write(chunk)
            size += len(chunk)
    digest = Digest(hashing.hexdigest())
    part.replace(folder / digest.hex)
    suffix = "+gzip" if head == _GZIP else ""
    return _described(f"{OCI}.layer.v1.tar{suffix}", digest, size)


def _described(media_type: str, digest: Digest, size: int) -> dict[str, object]:
    return {"mediaType": media_type, "digest": str(digest), "size": size}


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    try:
        content = tar.extractfile(name)
    except KeyError as fault:
        raise ValueError(str(fault)) from fault
    return content.read(_MOST) if content else b""


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    with target.open("wb") as out:
        while content and (chunk := content.read(_CHUNK)):
            out.write(chunk)


def _path(folder: Path, digest: Digest) -> Path:
    return folder / "blobs" / "sha256" / digest.hex


def _blob(folder: Path, digest: Digest) -> bytes:
    """Read a manifest; it is what its name says."""
    content = _small(_path(folder, digest))
    if Digest.of(content) != digest:
        fault = f"{digest} is damaged"
        raise ValueError(fault)
    return content


def _small(path: Path) -> bytes:
    with path.open("rb") as content:
        return content.read(_MOST)
