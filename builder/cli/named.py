"""Locks by the names people give them: a file, a formula, a git revision, an image."""

from collections.abc import Callable
from pathlib import Path

from builder.cli import machine
from builder.errors import (
    EngineUnreachable,
    ImageMissing,
    LockMissing,
    NamesNoLock,
    RevisionUnreadable,
    ToolMissing,
)
from builder.lock import from_bytes
from builder.model.inventory import Contents
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


def named(name: str, lock: Path, in_image: Callable[[str], Contents]) -> Contents:
    """Read what a person names.

    Args:
        name: a lock, a formula that has one beside it, ``REVISION:PATH``, a git revision
            alone, or an image; the first of these that there is. What is a file counts as one,
            though a branch may be called like it, and a revision counts before an image.
        lock: the file that is meant where only a revision is named.
        in_image: reads what the image of a reference holds.

    Raises:
        LockMissing: no such file, in this folder or in that revision.
        NamesNoLock: it is nothing of all that.
    """
    path = Path(name)
    if path.suffix in _FORMULAS:
        path = path.with_name(f"{path.stem}.lock.json")
    is_file = machine.workspace().read_text(path) is not None
    if is_file or (":" not in name and path.suffix in {".json", *_FORMULAS}):
        return read_lock(path)
    try:
        return _past_lock(name, lock)
    except (LockMissing, RevisionUnreadable, ToolMissing) as fault:
        if isinstance(fault, LockMissing) and ":" not in name:
            raise
        return _in_image(name, fault, in_image)


def _past_lock(name: str, lock: Path) -> Lock:
    revision, colon, inside = name.partition(":")
    folder = Path() if colon else lock.parent
    inside = inside or f"./{lock.name}"
    content = machine.revisions().read(revision, inside, folder)
    path = Path(f"{revision}:{inside}")
    if content is None:
        raise LockMissing(path=path)
    return from_bytes(content, path)


def _in_image(
    name: str,
    fault: LockMissing | RevisionUnreadable | ToolMissing,
    in_image: Callable[[str], Contents],
) -> Contents:
    """Read an image, or tell of all that was tried before it.

    Where git knows the revision, its file is what was meant, unless there is such an image.
    """
    said = _refused(name)
    try:
        if not said:
            return in_image(name)
    except ImageMissing:
        said = "the container engine has none of that name"
    except EngineUnreachable as silence:
        said = f"no container engine answers at {silence.address}: {silence.said}"
    if isinstance(fault, LockMissing):
        raise fault
    git = fault.said if isinstance(fault, RevisionUnreadable) else f"{fault.tool} is not installed"
    raise NamesNoLock(path=Path(name), name=name, git=git, engine=said) from fault


def _refused(name: str) -> str:
    """Say why no image can have this name; empty where one can."""
    from builder.image.reference import Reference  # noqa: PLC0415  # a lock that is a file needs none

    try:
        Reference.parse(name)
    except ValueError:
        return "no image can have that name"
    return ""
