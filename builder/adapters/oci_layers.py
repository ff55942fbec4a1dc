"""Layers as files of the store: written once for what they are made of, in either packing.

The same entries give the same tar on every machine. Packed by zstd they give the same bytes
wherever the library is the same, which brings its own compressor; zlib is the system's.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path

from msgspec import Struct

from builder.adapters import tar_stream
from builder.adapters.faults import disk_faults
from builder.adapters.measure import Measure
from builder.adapters.oci_parts import LAYER, Blob, Layer
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken
from builder.image.rootfs import Entry
from builder.model.digest import Digest
from builder.model.stored import StoredFile

GZIP_LEVEL = 6
ZSTD_LEVEL = 1


class Packing(Enum):
    """How layers are packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"

    @property
    def media_type(self) -> str:
        """Name the type of such a layer."""
        return LAYER if self is Packing.NONE else f"{LAYER}+{self.value}"

    @property
    def recipe(self) -> str:
        """Name what the bytes depend on beside the entries."""
        levels = {Packing.GZIP: f" {GZIP_LEVEL} {zlib.ZLIB_RUNTIME_VERSION}"}
        if self is Packing.ZSTD:
            import zstandard

            return f"zstd {ZSTD_LEVEL} {'.'.join(map(str, zstandard.ZSTD_VERSION))}"
        return f"{self.value}{levels.get(self, '')}"


class Recipe(Struct, frozen=True, kw_only=True):
    """What a layer is made of: entries, or a tar that is there."""

    entries: tuple[Entry, ...] = ()
    tar: StoredFile | None = None

    @property
    def key(self) -> str:
        """Name the bytes of the tar."""
        if self.tar:
            return f"tar {self.tar.digest}"
        facts = [_facts(each) for each in self.entries]
        return f"entries {Digest.of(json.dumps(facts).encode())}"


def find(store: FolderStore, recipe: Recipe, packing: Packing) -> Layer | None:
    """Look a layer up; None where it has to be written."""
    if recipe.tar and packing is Packing.NONE:
        return plain(recipe.tar)
    note = store.read_note(_name(recipe, packing))
    try:
        known = json.loads(note or b"")
        found, diff_id = store.find(Digest(known["digest"])), Digest(known["diff_id"])
    except (ValueError, KeyError, TypeError):
        return None
    return _layer(packing, found, diff_id) if found else None


def write(store: FolderStore, recipe: Recipe, packing: Packing) -> Layer:
    """Write a layer into the store and remember what it was made of.

    Raises:
        ArchiveBroken: a file cannot be read, or changes meanwhile.
        NoSpace: the disk is full, or may not be written to.
    """
    content = _file(recipe.tar.path) if recipe.tar else chunks(recipe.entries)
    with disk_faults(store.root):
        partial = store.temporary()
        try:
            tar, measure = hashlib.sha256(), Measure()
            with partial.open("wb", buffering=0) as out:
                for chunk in _packed(content, packing, tar.update):
                    measure.add(chunk)
                    out.write(chunk)
            kept = measure.result()
            file = store.find(kept.digest) or store.keep(partial, kept)
        finally:
            partial.unlink(missing_ok=True)
    diff_id = file.digest if packing is Packing.NONE else Digest(tar.hexdigest())
    note = {"digest": file.digest.hex, "diff_id": diff_id.hex}
    store.write_note(_name(recipe, packing), json.dumps(note, sort_keys=True).encode())
    return _layer(packing, file, diff_id)


def chunks(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield the tar of a layer, in pieces of at least a mebibyte.

    Raises:
        ArchiveBroken: while being consumed; a file cannot be read, or changes meanwhile.
    """
    gathered = bytearray()
    for piece in _pieces(entries):
        gathered += piece
        if len(gathered) >= tar_stream.CHUNK:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered) + tar_stream.END


def _pieces(entries: Iterable[Entry]) -> Iterator[bytes]:
    for each in entries:
        name = str(each.path).lstrip("/")
        yield from tar_stream.entry(
            name, each.source, mode=each.mode, time_s=each.time_s, owner=each.owner
        )


def _packed(
    content: Iterable[bytes], packing: Packing, tell: Callable[[bytes], None]
) -> Iterator[bytes]:
    """Pack the bytes of a tar, and tell of them before."""
    if packing is Packing.NONE:
        yield from content
        return
    packer = _packer(packing)
    for chunk in content:
        tell(chunk)
        yield packer.compress(chunk)
    yield packer.flush()


def _packer(packing: Packing):  # type: ignore[no-untyped-def]  # noqa: ANN202  # of two libraries
    if packing is Packing.GZIP:
        return zlib.compressobj(GZIP_LEVEL, wbits=31)  # a gzip header without name and time
    import zstandard

    return zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compressobj()


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as content:
        while chunk := content.read(tar_stream.CHUNK):
            yield chunk


def _facts(entry: Entry) -> tuple[object, ...]:
    owner = (entry.owner.user, entry.owner.group)
    return (str(entry.path), entry.mode, *owner, entry.time_s, _content(entry))


def _content(entry: Entry) -> str | None:
    if entry.source is None or entry.digest:
        return entry.digest.hex if entry.digest else None
    if isinstance(entry.source, bytes):
        return Digest.of(entry.source).hex
    try:
        return Measure.of(entry.source).result().digest.hex
    except OSError as fault:
        raise ArchiveBroken(path=entry.source, fault=fault.strerror or str(fault)) from fault


def _name(recipe: Recipe, packing: Packing) -> str:
    return f"oci layer of {recipe.key}, {packing.recipe}"


def plain(file: StoredFile) -> Layer:
    """Take a tar of the store as a layer."""
    return _layer(Packing.NONE, file, file.digest)


def _layer(packing: Packing, file: StoredFile, diff_id: Digest) -> Layer:
    blob = Blob(digest=file.digest, size=file.size, source=file.path)
    return Layer(media_type=packing.media_type, blob=blob, diff_id=diff_id)
