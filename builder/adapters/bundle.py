"""One tar with all that a lock needs: the lock, its files, the documents it was decided from.

Layout: ``bundle.json`` (schema, names of the rest), ``lock.json``, ``files/<64 hex>`` of the
content, ``notes/<64 hex>`` of a document's name, with its record and nothing else: what a machine
remembers for itself is not carried. Times, users and modes are the same in every one.
"""

import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from builder.adapters.faults import disk_faults
from builder.adapters.store import FolderStore
from builder.adapters.store_documents import DocumentRecord
from builder.errors import BundleBroken, Unreadable
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_SCHEMA = 1
_SMALL = 64 << 20  # bytes of a lock or a document's record, at most
_CHUNK = 1 << 20  # bytes
_MEMBER = re.compile(r"bundle\.json|lock\.json|(?:files|notes)/[0-9a-f]{64}")


class Bundle(Struct, frozen=True, kw_only=True):
    """What went into a tar, or came out of it."""

    lock: bytes
    files: int
    size: int  # bytes of the files
    documents: int


def write(
    target: Path, lock: bytes, files: tuple[StoredFile, ...], notes: Mapping[str, bytes]
) -> Bundle:
    """Write the tar: whole at ``target``, or not at all.

    Args:
        target: where it goes.
        lock: as it stands in its file.
        files: in any order, each once or more.
        notes: of documents, by the digest of their names.

    Raises:
        NoSpace: the disk is full, or may not be written to.
    """
    by_hex = {each.digest.hex: each for each in files}
    beside = target.with_name(f".{target.name}.part")
    with disk_faults(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tarfile.open(beside, "w", format=tarfile.PAX_FORMAT) as out:
                _add(out, "bundle.json", _listing(notes, by_hex))
                _add(out, "lock.json", lock)
                for name in sorted(notes):
                    _add(out, f"notes/{name}", notes[name])
                for name in sorted(by_hex):
                    with by_hex[name].path.open("rb") as content:
                        out.addfile(_head(f"files/{name}", by_hex[name].size), content)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    size = sum(each.size for each in by_hex.values())
    return Bundle(lock=lock, files=len(by_hex), size=size, documents=len(notes))


def load(source: Path, store: FolderStore, *, now: datetime) -> Bundle:
    """Bring everything into the store; what is not what its name says ends it.

    Files that came before the fault stay: each is what its digest says. Documents are marked as
    carried here, for nobody vouches for when they were seen.

    Raises:
        Unreadable: there is no such file, or it may not be read.
        BundleBroken: no bundle, or one that was tampered with.
        LockBroken: its lock is none.
        LockTooNew: a newer jbuild wrote its lock.
        NoSpace: the disk is full, or may not be written to.
    """
    with _readable(source) as content:
        try:
            with tarfile.open(fileobj=content, mode="r:") as taken:
                return _loaded(source, taken, store, now)
        except (tarfile.TarError, EOFError) as fault:
            raise BundleBroken(path=source, fault="it is no tar, or ends too early") from fault


def _readable(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except FileNotFoundError as fault:
        raise Unreadable(path=source, fault="there is no such file") from fault
    except OSError as fault:
        raise Unreadable(path=source, fault=fault.strerror or str(fault)) from fault


def _loaded(source: Path, taken: tarfile.TarFile, store: FolderStore, now: datetime) -> Bundle:
    from builder.lock import from_bytes  # who only looks at caches needs none

    small: dict[str, bytes] = {}
    sizes: dict[str, int] = {}
    for member in taken:
        if not member.isreg() or not _MEMBER.fullmatch(member.name):
            fault = f"it holds {member.name!r}, which is no part of a bundle"
            raise BundleBroken(path=source, fault=fault)
        if member.name.startswith("files/"):
            digest = Digest(member.name.removeprefix("files/"))
            if store.add(_chunks(taken, member)).digest != digest:
                raise BundleBroken(path=source, fault=f"{member.name} is not what its name says")
            sizes[digest.hex] = member.size
        elif member.size > _SMALL:
            raise BundleBroken(path=source, fault=f"{member.name} is too large")
        else:
            small[member.name] = b"".join(_chunks(taken, member))
    notes = {n.removeprefix("notes/"): t for n, t in small.items() if n.startswith("notes/")}
    _require_whole(source, small, _listing(notes, sizes))
    records = {Digest(n): _record(source, n, text, sizes) for n, text in notes.items()}
    from_bytes(small["lock.json"], source)
    for name, record in records.items():
        store.write_document(name, _carried(record, now))
    size = sum(sizes.values())
    return Bundle(lock=small["lock.json"], files=len(sizes), size=size, documents=len(notes))


def _record(source: Path, name: str, text: bytes, files: Mapping[str, int]) -> DocumentRecord:
    try:
        record = DocumentRecord.parse(text)
    except ValueError as fault:
        raise BundleBroken(path=source, fault=f"{name} is no record of a document") from fault
    if record.content.hex not in files:
        raise BundleBroken(path=source, fault=f"{name} speaks of a file that is not there")
    return record


def _carried(record: DocumentRecord, now: datetime) -> DocumentRecord:
    """Mark it; no server is to be asked whether it is still what somebody else was given."""
    return replace(record, etag=None, modified=None, seen=min(record.seen, now), carried=now)


def _listing(notes: Iterable[str], files: Iterable[str]) -> bytes:
    names = {"files": sorted(files), "notes": sorted(notes), "schema": _SCHEMA}
    return json.dumps(names, sort_keys=True).encode()


def _require_whole(source: Path, small: dict[str, bytes], came: bytes) -> None:
    try:
        schema = json.loads(small["bundle.json"])["schema"]
    except (ValueError, KeyError, TypeError) as fault:
        raise BundleBroken(path=source, fault="it does not say what it is") from fault
    if schema != _SCHEMA:
        raise BundleBroken(path=source, fault=f"its schema is {schema}; a newer jbuild wrote it")
    if small["bundle.json"] != came or "lock.json" not in small:
        raise BundleBroken(path=source, fault="it does not hold what it says")


def _chunks(taken: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    content = taken.extractfile(member)
    while content and (chunk := content.read(_CHUNK)):
        yield chunk


def _add(out: tarfile.TarFile, name: str, content: bytes) -> None:
    out.addfile(_head(name, len(content)), io.BytesIO(content))


def _head(name: str, size: int) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o644
    return head
