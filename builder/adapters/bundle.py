"""One tar with all that a lock needs: the lock, its files, the documents it was decided from.

Layout: ``bundle.json`` (schema, names of the rest), ``lock.json``, ``files/<64 hex>`` of the
content, ``notes/<64 hex>`` of a document's name. Times, users and modes are the same in every one.
"""

import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.adapters.faults import disk_faults
from builder.adapters.store import FolderStore
from builder.errors import BundleBroken
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_SCHEMA = 1
_SMALL = 64 << 20  # bytes of a lock or a document's record, at most
_CHUNK = 1 << 20  # bytes
_MEMBER = re.compile(r"bundle\.json|lock\.json|(?:files|notes)/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
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


def load(source: Path, store: FolderStore) -> Bundle:
    """Bring everything into the store; what is not what its name says ends it.

    Files that came before the fault stay: each is what its digest says.

    Raises:
        BundleBroken: no bundle, or one that was tampered with.
        NoSpace: the disk is full, or may not be written to.
    """
    try:
        with tarfile.open(source, "r:") as taken:
            return _loaded(source, taken, store)
    except (tarfile.TarError, EOFError) as fault:
        raise BundleBroken(path=source, fault="it is no tar, or ends too early") from fault
    except FileNotFoundError as fault:
        raise BundleBroken(path=source, fault="there is no such file") from fault


def _loaded(source: Path, taken: tarfile.TarFile, store: FolderStore) -> Bundle:
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
    _remember(source, notes, sizes, store)
    size = sum(sizes.values())
    return Bundle(lock=small["lock.json"], files=len(sizes), size=size, documents=len(notes))


def _remember(
    source: Path, notes: Mapping[str, bytes], files: Mapping[str, int], store: FolderStore
) -> None:
    for name, text in notes.items():
        if _content(text) not in files:
            raise BundleBroken(path=source, fault=f"{name} speaks of a file that is not there")
    for name, text in notes.items():
        store.write_note_of(Digest(name), text)


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


def _content(note: bytes) -> str | None:
    try:
        content = json.loads(note)["content"]
    except (ValueError, KeyError, TypeError):
        return None
    return content if isinstance(content, str) else None


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
