"""The lock cannot be used."""

from dataclasses import dataclass
from pathlib import Path

from builder.errors.base import JbuildError
from builder.model.digest import Digest


@dataclass(eq=False, kw_only=True, repr=False)
class LockError(JbuildError):
    """The lock cannot be used."""

    path: Path


@dataclass(eq=False, kw_only=True, repr=False)
class LockMissing(LockError):
    """``--frozen`` without a lock."""


@dataclass(eq=False, kw_only=True, repr=False)
class LockStale(LockError):
    """``--frozen``, and the lock no longer fits the formula."""

    changed: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class LockBroken(LockError):
    """Not a lock, or one that contradicts itself."""

    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class LockTooNew(LockError):
    """Written by a newer jbuild."""

    schema: int


@dataclass(eq=False, kw_only=True, repr=False)
class NamesNoLock(LockError):
    """Neither a file nor a git revision nor an image; ``path`` is the file looked for."""

    name: str
    git: str
    engine: str


@dataclass(eq=False, kw_only=True, repr=False)
class NothingInside(LockError):
    """An image that holds no lock and no controller either; ``path`` is where one would be."""

    reference: str
    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class RevisionUnreadable(LockError):
    """A lock of the past cannot be had: no repository, or no such commit."""

    revision: str
    said: str


@dataclass(eq=False, kw_only=True, repr=False)
class BuiltOtherwise(LockError):
    """What is locked was built from its sources, and is now built to other bytes."""

    name: str
    sources: str
    wanted: Digest
    got: Digest
