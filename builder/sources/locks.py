"""The lock file: read, and held against the formula."""

from dataclasses import dataclass
from pathlib import Path

from builder import lock, resolve
from builder.errors import LockBroken, LockMissing, LockStale, ResolutionError
from builder.model.formula import Formula
from builder.model.lock import Lock, LockDiff
from builder.ports import World
from builder.sources import bases


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A lock that fits its formula, and what became different on the way."""

    lock: Lock
    diff: LockDiff  # empty when the lock was fresh
    changed: tuple[str, ...] = ()  # what of the formula no longer fitted the lock there was


def read(world: World, path: Path) -> Lock | None:
    """Read the lock; None where there is none.

    Raises:
        LockBroken: not a lock, or one whose plugins a controller would not load.
        LockTooNew: written by a newer jbuild.
    """
    text = world.workspace.read_text(path)
    if text is None:
        return None
    found = lock.from_bytes(text.encode(), path)
    try:
        resolve.judge(lock.resolution(found))
    except ResolutionError as fault:
        raise LockBroken(path=path, fault=f"its plugins would not load: {fault}") from fault
    return found


def stale(world: World, formula: Formula, path: Path) -> tuple[str, ...]:
    """Name what no longer fits between formula and lock; empty when the lock is fresh."""
    old = read(world, path)
    return lock.changes(formula, old) if old else ("there is no lock",)


def fresh(
    world: World, formula: Formula, path: Path, old: Lock | None, *, frozen: bool
) -> Lock | None:
    """Give the lock back if it can be built from; None where it has to be made anew.

    A base whose tar has left the store makes a lock unusable only where it may be remade.

    Raises:
        LockMissing: ``frozen``, and there is none.
        LockStale: ``frozen``, and it no longer fits the formula.
    """
    changed = lock.changes(formula, old) if old else ()
    if frozen and old is None:
        raise LockMissing(path=path)
    if frozen and changed:
        raise LockStale(path=path, changed=changed)
    if old is None or changed or not (frozen or bases.is_there(world.store, old)):
        return None
    return old
