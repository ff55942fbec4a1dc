"""Looks after a store: what it holds, what has changed in it, what nobody needs any more."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from builder.adapters import store_lease, store_partial
from builder.adapters.faults import disk_faults
from builder.adapters.store import FolderStore
from builder.adapters.store_documents import DocumentRecord
from builder.model.digest import Digest

_DAY_S = 24 * 60 * 60


class Census(Struct, frozen=True, kw_only=True):
    """What a store holds."""

    root: Path
    files: int
    size: int  # bytes
    partial: int  # bytes of files in the making
    documents: int
    builds: int  # that are running now


class Pruned(Struct, frozen=True, kw_only=True):
    """What was taken away."""

    files: int
    size: int  # bytes
    spared: int  # files that are old, and in use


def census(store: FolderStore) -> Census:
    """Count."""
    sizes = [each.stat().st_size for each in _files(store)]
    parts = (store.root / "partial").glob("*.part")
    return Census(
        root=store.root,
        files=len(sizes),
        size=sum(sizes),
        partial=sum(each.stat().st_blocks * 512 for each in parts),
        documents=sum(1 for _ in (store.root / "documents").glob("*")),
        builds=len(store_lease.running(store.root)),
    )


def verify(store: FolderStore) -> tuple[int, tuple[Digest, ...]]:
    """Read every file through: how many there were, and which ones had changed and are gone."""
    digests = [Digest(each.name) for each in sorted(_files(store))]
    return len(digests), tuple(each for each in digests if store.check(each, used=False) is None)


def prune(store: FolderStore, *, days: float) -> Pruned:
    """Take away what was not used for so long, and never what a running build has used.

    Raises:
        ValueError: ``days`` is below zero, or no number.
    """
    if not days >= 0:
        fault = f"{days} is no number of days"
        raise ValueError(fault)
    builds = store_lease.running(store.root)
    old_s = time.time() - days * _DAY_S
    spared_s = min([old_s, *(each.since_s for each in builds)])
    files = size = spared = 0
    with disk_faults(store.root):
        for each in tuple(_files(store)):
            used_s, bytes_ = _used_s(each), each.stat().st_size
            if used_s >= old_s:
                continue
            if used_s >= spared_s or not taken(each, used_s):
                spared += 1
            else:
                files, size = files + 1, size + bytes_
        _prune_names(store)
        _prune_unfinished(store, old_s)
    return Pruned(files=files, size=size, spared=spared)


def _files(store: FolderStore) -> Iterator[Path]:
    for folder in (store.root / "files").glob("??"):
        yield from (each for each in folder.iterdir() if _is_digest(each.name))


def _is_digest(name: str) -> bool:
    try:
        return Digest(name).hex == name
    except ValueError:
        return False


def _used_s(file: Path) -> float:
    """Tell when a file was last asked for: the store touches the facts beside it."""
    try:
        return file.with_name(f"{file.name}.json").stat().st_mtime
    except OSError:
        return 0.0  # a file without facts is of no use to anybody


def taken(file: Path, used_s: float) -> bool:
    """Take a file away, unless somebody has asked for it in this very moment.

    Without its facts nobody finds it; whoever found it just before has touched them.
    """
    facts, aside = file.with_name(f"{file.name}.json"), file.with_name(f"{file.name}.aside")
    with suppress(FileNotFoundError):
        facts.rename(aside)
        if aside.stat().st_mtime > used_s:
            aside.rename(facts)
            return False
    file.unlink(missing_ok=True)
    aside.unlink(missing_ok=True)
    return True


def _prune_names(store: FolderStore) -> None:
    """Forget names and documents whose files are gone."""
    for each in (store.root / "names").glob("*"):
        with suppress(OSError, ValueError):
            if store.find(Digest.parse(each.read_text("utf-8").strip()), used=False) is None:
                each.unlink()
    for each in (store.root / "documents").glob("*"):
        with suppress(OSError, ValueError):
            if store.find(DocumentRecord.parse(each.read_bytes()).content, used=False) is None:
                each.unlink()


def _prune_unfinished(store: FolderStore, old_s: float) -> None:
    """Drop what no process is making any more."""
    folder = store.root / "partial"
    for each in folder.glob("*.part"):
        claim = store_partial.claim(folder, Digest(each.stem)) if _is_digest(each.stem) else None
        if claim:
            with suppress(OSError):
                if each.stat().st_mtime < old_s:
                    claim.drop()
            claim.release()
    for each in (store.root / "tmp").glob("*"):
        with suppress(OSError):
            if each.stat().st_mtime < min(old_s, time.time() - _DAY_S):
                shutil.rmtree(each) if each.is_dir() else os.unlink(each)  # noqa: PTH108
