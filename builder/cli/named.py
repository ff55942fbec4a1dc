"""Locks by the names people give them: a file, a formula, a git revision."""

from pathlib import Path

from builder.cli import machine
from builder.errors import LockMissing
from builder.lock import from_bytes
from builder.model.lock import Lock

_FORMULAS = {".yaml", ".yml"}


def read_lock(path: Path) -> Lock:
    """Read a lock without judging it: a set that would not load is to be told of, not refused.

    Raises:
        LockMissing: there is none.
        LockBroken: not a lock.
        LockTooNew: written by a newer jbuild.
    """
    text = machine.workspace().read_text(path)
    if text is None:
        raise LockMissing(path=path)
    return from_bytes(text.encode(), path)


def named_lock(name: str, lock: Path) -> Lock:
    """Read the lock that a person names.

    Args:
        name: a lock, a formula that has one beside it, ``REVISION:PATH``, or a git revision
            alone. What is a file counts as one, though a branch may be called like it.
        lock: the file that is meant where only a revision is named.

    Raises:
        LockMissing: no such file, in this folder or in that revision.
        RevisionUnreadable: git knows no such revision.
        ToolMissing: there is no git.
    """
    path = Path(name)
    if path.suffix in _FORMULAS:
        path = path.with_name(f"{path.stem}.lock.json")
    is_file = machine.workspace().read_text(path) is not None
    if is_file or (":" not in name and path.suffix in {".json", *_FORMULAS}):
        return read_lock(path)
    return _past_lock(name, lock)


def _past_lock(name: str, lock: Path) -> Lock:
    revision, colon, inside = name.partition(":")
    folder = Path() if colon else lock.parent
    inside = inside or f"./{lock.name}"
    content = machine.revisions().read(revision, inside, folder)
    path = Path(f"{revision}:{inside}")
    if content is None:
        raise LockMissing(path=path)
    return from_bytes(content, path)
