"""A base for the oci engine: its layers, what it says of itself, its folders and links.

A base is the tar of a root file system, which becomes one layer, or an archive of an image, whose
layers are taken as they are, out of it. Either is read through once; what was found is kept as a
note.
"""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from msgspec import Struct

from builder.adapters import oci_read
from builder.adapters.oci_layers import plain
from builder.adapters.oci_parts import Blob, Image, Layer, bare_image, platform_facts
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken
from builder.image.rootfs import ROOT, Folder, Owner, Rootfs
from builder.image.settled import CREATED
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_VERSION = 2  # of the note
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"


class Base(Struct, frozen=True, kw_only=True):
    """What FROM means."""

    about: Mapping[str, object]  # the image's JSON: platform, config, history
    layers: tuple[Layer, ...]  # the lowest first
    rootfs: Rootfs
    own: StoredFile | None  # the tar that is its only layer, which may be packed otherwise


def read(store: FolderStore, file: StoredFile, platform: str) -> Base:
    """Read a base, or remember it.

    Raises:
        ArchiveBroken: neither a root file system nor an OCI layout with one image.
        NoSpace: the disk is full, or may not be written to.
    """
    name = f"oci base {_VERSION} {file.digest} {platform}"
    noted = _recalled(file, store.read_note(name))
    if noted is None:
        noted = _read(file, platform)
        store.write_note(name, _written(noted))
    return noted


def image_of(file: StoredFile, platform: str) -> Image:
    """Give a base as an image: an archive's own, else one of a single layer for a platform.

    Raises:
        ArchiveBroken: it is an archive of something else.
    """
    with _faults(file.path):
        if oci_read.is_image(file.path):
            (only,) = oci_read.archive(file.path).images()
            return only
    return bare_image(plain(file).blob, platform)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, LookupError) as fault:
        raise ArchiveBroken(path=path, fault=str(fault)) from fault


def _read(file: StoredFile, platform: str) -> Base:
    if not oci_read.is_image(file.path):
        with _faults(file.path), tarfile.open(file.path) as tar:
            rootfs = _rootfs([tar])
        return Base(about=_bare(platform), layers=(plain(file),), rootfs=rootfs, own=file)
    image = image_of(file, platform)
    with _faults(file.path):
        about = json.loads(b"".join(image.config.chunks()))
        layers = tuple(each.as_oci for each in image.layers)
        rootfs = _rootfs(_opened(each) for each in layers)
    return Base(about=about, layers=layers, rootfs=rootfs, own=None)


def _bare(platform: str) -> Mapping[str, object]:
    """Say of a root file system what nobody says."""
    history = [{"created": CREATED, "created_by": "root file system"}]
    return {**platform_facts(platform), "config": {}, "history": history}


def _opened(layer: Layer) -> tarfile.TarFile:
    """Open a layer, however it is packed."""
    content: IO[bytes] = layer.blob.open()
    if layer.media_type.endswith("zstd"):
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader(content)
        content = cast("IO[bytes]", io.BufferedReader(reader))
    if layer.media_type.endswith("gzip"):
        content = cast("IO[bytes]", gzip.GzipFile(fileobj=content))
    return tarfile.open(fileobj=content, mode="r|")


def _rootfs(layers: Iterable[tarfile.TarFile]) -> Rootfs:
    """Lay the folders and links of layers on top of each other."""
    folders: dict[PurePosixPath, Folder] = {}
    links: dict[PurePosixPath, str] = {}
    for tar in layers:
        for each in tar:
            path = ROOT / each.name
            if path.name.startswith(_WHITEOUT):
                _take_out(folders, links, path)
            elif each.isdir() and path != ROOT:
                owner = Owner(each.uid, each.gid)
                folders[path] = Folder(mode=each.mode, owner=owner, time_s=int(each.mtime))
                links.pop(path, None)
            elif path != ROOT:
                links.pop(path, None)
                if each.issym():
                    links[path] = each.linkname
    return Rootfs(folders=folders, links=links)


def _take_out(
    folders: dict[PurePosixPath, Folder], links: dict[PurePosixPath, str], mark: PurePosixPath
) -> None:
    """Obey a layer that takes away what was below."""
    opaque = mark.name == _OPAQUE
    gone = mark.parent if opaque else mark.parent / mark.name.removeprefix(_WHITEOUT)
    for known in (folders, links):
        for path in [each for each in known if each.is_relative_to(gone)]:
            if path != gone or not opaque:
                del known[path]


def _written(base: Base) -> bytes:
    return json.dumps(
        {
            "about": base.about,
            "layers": [
                [e.media_type, e.blob.digest.hex, e.blob.size, e.blob.offset, e.diff_id.hex]
                for e in base.layers
            ],
            "folders": [
                [str(path), each.mode, each.owner.user, each.owner.group, each.time_s]
                for path, each in base.rootfs.folders.items()
            ],
            "links": [[str(path), to] for path, to in base.rootfs.links.items()],
            "own": base.own is not None,
        }
    ).encode()


def _recalled(file: StoredFile, note: bytes | None) -> Base | None:
    """Read the note of a base; None where there is none."""
    if note is None:
        return None
    known = json.loads(note)
    layers = tuple(
        Layer(
            media_type=media_type,
            blob=Blob(digest=Digest(digest), size=size, source=file.path, offset=offset),
            diff_id=Digest(diff_id),
        )
        for media_type, digest, size, offset, diff_id in known["layers"]
    )
    folders = {
        PurePosixPath(path): Folder(mode=mode, owner=Owner(user, group), time_s=time_s)
        for path, mode, user, group, time_s in known["folders"]
    }
    links = {PurePosixPath(path): to for path, to in known["links"]}
    return Base(
        about=known["about"],
        layers=layers,
        rootfs=Rootfs(folders=folders, links=links),
        own=file if known["own"] else None,
    )
