"""What an image consists of, wherever it lies: its manifest, its config and its layers.

Raises ``ValueError`` for what is no image; whoever reads one says which it was.
"""

import json
import platform
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from builder.lock.record import Record
from builder.model.digest import Digest

OCI = "application/vnd.oci.image"
DOCKER = "application/vnd.docker.distribution"
MANIFESTS = (f"{OCI}.manifest.v1+json", f"{DOCKER}.manifest.v2+json")
INDEXES = (f"{OCI}.index.v1+json", f"{DOCKER}.manifest.list.v2+json")
_MOST = 4 << 20  # bytes of a manifest or config
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm/v7", "i686": "386"}
_Lookup = Callable[[Digest], Path]


class Part(Struct, frozen=True, kw_only=True):
    """One blob, as the manifest has it, and the file that should hold it."""

    digest: Digest
    size: int  # bytes
    path: Path


class Image(Struct, frozen=True, kw_only=True):
    """One image for one platform."""

    manifest: bytes
    media_type: str
    platform: str  # such as ``linux/amd64``
    config: Part
    layers: tuple[Part, ...]  # from the lowest; one may come twice


class Choice(Struct, frozen=True, kw_only=True):
    """One entry of an index."""

    digest: Digest
    media_type: str
    platform: str | None


def own_platform() -> str:
    """Give the platform of this machine, as images are named: ``linux/amd64``."""
    machine = platform.machine()
    return f"linux/{_MACHINES.get(machine, machine)}"


def media_type_of(content: bytes) -> str:
    """Tell what a document of a registry is; old ones do not say it themselves."""
    document = _document(content)
    said = document.maybe_text("mediaType")
    return said or (INDEXES[0] if document.maybe_records("manifests") else MANIFESTS[0])


def choices(index: bytes) -> tuple[Choice, ...]:
    """List the images and indexes of an index; attestations, which nobody runs, are left out."""
    found = (_choice(each) for each in _document(index).maybe_records("manifests"))
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


def image_of(manifest: bytes, media_type: str, lookup: _Lookup, wanted: str | None) -> Image:
    """Put an image together out of its manifest and the files of its blobs."""
    if media_type not in MANIFESTS:
        fault = f"its manifest is {media_type}, which is none of an image that can be built on"
        raise ValueError(fault)
    document = _document(manifest)
    config = _part(document.record("config"), lookup)
    platform = _platform(_document(_read(config.path)))
    if wanted and platform != wanted:
        fault = f"it is for {platform}, and {wanted} is asked for"
        raise ValueError(fault)
    return Image(
        manifest=manifest,
        media_type=media_type,
        platform=platform,
        config=config,
        layers=tuple(_part(each, lookup) for each in document.records("layers")),
    )


def _choice(record: Record) -> Choice:
    named = record.maybe_text("mediaType") or MANIFESTS[0]
    digest = Digest.parse(record.text("digest"))
    try:
        platform = _platform(record.record("platform"))
    except ValueError:
        platform = None
    return Choice(digest=digest, media_type=named, platform=platform)


def _platform(record: Record) -> str:
    """Spell a platform; 64-bit ARM has one variant, which most leave out."""
    system, machine = record.word("os"), record.word("architecture")
    variant = record.maybe_text("variant")
    spelt = f"{system}/{machine}"
    return f"{spelt}/{variant}" if variant and (machine, variant) != ("arm64", "v8") else spelt


def _part(record: Record, lookup: _Lookup) -> Part:
    digest = Digest.parse(record.text("digest"))
    return Part(digest=digest, size=record.number("size"), path=lookup(digest))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST:
            fault = f"{path.name} has more than {_MOST} bytes"
            raise ValueError(fault)
        return path.read_bytes()
    except OSError as fault:
        raise ValueError(str(fault.strerror or fault)) from fault


def _document(content: bytes) -> Record:
    return Record(json.loads(content), "")
