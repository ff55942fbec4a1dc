"""A base for the oci engine: its layers, what it says of itself, its folders and links.

A base is the tar of a root file system, which becomes one layer, or an OCI layout inside a tar,
whose layers are taken as they are. Either is read through once; what was found is kept as a note.
"""

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO, cast

from msgspec import Struct

from builder.adapters.oci_blobs import Blob, Packing
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken
from builder.image.rootfs import ROOT, Folder, Owner, Rootfs
from builder.image.settled import CREATED
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_VERSION = 1  # of the note
_MOST_JSON = 8 << 20  # bytes
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"
_LAYOUT = "oci-layout"


class Base(Struct, frozen=True, kw_only=True):
    """What FROM means."""

    about: Mapping[str, object]  # the image's JSON: platform, config, history
    layers: tuple[Blob, ...]  # the lowest first
    rootfs: Rootfs
    own: StoredFile | None  # the tar that is its only layer, which may be packed otherwise


def read(store: FolderStore, file: StoredFile, platform: str) -> Base:
    """Read a base, or remember it.

    Raises:
        ArchiveBroken: neither a root file system nor an OCI layout with one image.
        NoSpace: the disk is full, or may not be written to.
    """
    name = f"oci base {_VERSION} {file.digest} {platform}"
    noted = _recalled(store, file, store.read_note(name))
    if noted is None:
        noted = _read(store, file, platform)
        store.write_note(name, _written(noted))
    return noted


def _read(store: FolderStore, file: StoredFile, platform: str) -> Base:
    try:
        with tarfile.open(file.path) as tar:
            first = {PurePosixPath(each.name) for each in tar if "/" not in each.name.strip("./")}
            if PurePosixPath(_LAYOUT) in first:
                return _layout(store, tar, platform)
            rootfs = _rootfs([tar])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError, IndexError) as fault:
        raise ArchiveBroken(path=file.path, fault=str(fault)) from fault
    return Base(about=_bare(platform), layers=(_as_it_is(file),), rootfs=rootfs, own=file)


def _as_it_is(file: StoredFile) -> Blob:
    return Blob(media_type=Packing.NONE.media_type, file=file, diff_id=file.digest)


def _bare(platform: str) -> Mapping[str, object]:
    """Say of a root file system what nobody says."""
    system, machine, *variant = platform.split("/")
    about = {"os": system, "architecture": machine, "config": {}}
    history = [{"created": CREATED, "created_by": "root file system"}]
    return {**about, "history": history, **({"variant": variant[0]} if variant else {})}


def _layout(store: FolderStore, tar: tarfile.TarFile, platform: str) -> Base:
    """Take the one image of a layout, or the one for the platform."""
    index = _json(tar, "index.json")
    manifest = _manifest(tar, index, platform)
    about = _blob_json(tar, manifest["config"])
    layers = []
    diff_ids = cast("list[str]", cast("Mapping[str, object]", about["rootfs"])["diff_ids"])
    described = cast("list[Mapping[str, object]]", manifest["layers"])
    for each, diff_id in zip(described, diff_ids, strict=True):
        wanted = Digest.parse(str(each["digest"]))
        kept = store.find(wanted) or store.add(_content(tar, _path(wanted)))
        if kept.digest != wanted:
            raise ValueError(str(wanted))
        media_type = _oci_type(str(each["mediaType"]))
        layers.append(Blob(media_type=media_type, file=kept, diff_id=Digest.parse(diff_id)))
    with_folders = _rootfs(_opened(each) for each in layers)
    return Base(about=about, layers=tuple(layers), rootfs=with_folders, own=None)


def _manifest(
    tar: tarfile.TarFile, index: Mapping[str, object], platform: str
) -> Mapping[str, object]:
    """Follow indices down to a manifest."""
    listed = cast("list[Mapping[str, object]]", index["manifests"])
    fitting = [each for each in listed if _platform(each) in {None, platform}]
    found = _blob_json(tar, fitting[0])
    return _manifest(tar, found, platform) if "manifests" in found else found


def _platform(described: Mapping[str, object]) -> str | None:
    said = described.get("platform")
    if not isinstance(said, Mapping):
        return None
    parts = (said.get(each) for each in ("os", "architecture", "variant"))
    return "/".join(str(each) for each in parts if each).removesuffix("/v8")


def _oci_type(media_type: str) -> str:
    """Say Docker's name of a layer's type as OCI does."""
    docker = "application/vnd.docker.image.rootfs.diff.tar"
    return media_type.replace(f"{docker}.", f"{Packing.NONE.media_type}+").replace(
        docker, Packing.NONE.media_type
    )


def _path(digest: Digest) -> str:
    return f"blobs/sha256/{digest.hex}"


def _blob_json(tar: tarfile.TarFile, described: object) -> Mapping[str, object]:
    digest = Digest.parse(str(cast("Mapping[str, object]", described)["digest"]))
    return _json(tar, _path(digest), digest)


def _json(tar: tarfile.TarFile, name: str, digest: Digest | None = None) -> Mapping[str, object]:
    content = b"".join(_content(tar, name, limit=_MOST_JSON))
    if digest and Digest.of(content) != digest:
        raise ValueError(name)
    read = json.loads(content)
    if not isinstance(read, dict):
        raise TypeError(name)
    return read


def _content(tar: tarfile.TarFile, name: str, limit: int | None = None) -> Iterator[bytes]:
    """Read one file, whether or not its name begins with a dot."""
    try:
        entry = tar.getmember(name)
    except KeyError:
        entry = tar.getmember(f"./{name}")
    opened = tar.extractfile(entry)
    if opened is None or (limit is not None and entry.size > limit):
        raise ValueError(name)
    while chunk := opened.read(1 << 20):
        yield chunk


def _opened(layer: Blob) -> tarfile.TarFile:
    """Open a layer, however it is packed."""
    if layer.media_type.endswith("zstd"):
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader(layer.file.path.open("rb"))
        return tarfile.open(fileobj=cast("IO[bytes]", io.BufferedReader(reader)), mode="r|")
    if layer.media_type.endswith("gzip"):
        return tarfile.open(fileobj=gzip.open(layer.file.path), mode="r|")
    return tarfile.open(layer.file.path)


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
            "layers": [[e.media_type, e.file.digest.hex, e.diff_id.hex] for e in base.layers],
            "folders": [
                [str(path), each.mode, each.owner.user, each.owner.group, each.time_s]
                for path, each in base.rootfs.folders.items()
            ],
            "links": [[str(path), to] for path, to in base.rootfs.links.items()],
            "own": base.own is not None,
        }
    ).encode()


def _recalled(store: FolderStore, file: StoredFile, note: bytes | None) -> Base | None:
    """Read the note of a base; None where there is none, or a layer of it is gone."""
    if note is None:
        return None
    known = json.loads(note)
    layers = []
    for media_type, digest, diff_id in known["layers"]:
        found = file if digest == file.digest.hex else store.find(Digest(digest))
        if found is None:
            return None
        layers.append(Blob(media_type=media_type, file=found, diff_id=Digest(diff_id)))
    folders = {
        PurePosixPath(path): Folder(mode=mode, owner=Owner(user, group), time_s=time_s)
        for path, mode, user, group, time_s in known["folders"]
    }
    links = {PurePosixPath(path): to for path, to in known["links"]}
    rootfs = Rootfs(folders=folders, links=links)
    return Base(
        about=known["about"],
        layers=tuple(layers),
        rootfs=rootfs,
        own=file if known["own"] else None,
    )
