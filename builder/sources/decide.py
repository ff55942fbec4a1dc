"""The decision: every plugin version chosen, and every digest pinned; nothing is written.

May fill the store. The lock that fits is taken, and one is made only where none does.
"""

from pathlib import Path

from builder import lock
from builder.model.catalogue import Asked
from builder.model.formula import Formula
from builder.model.lock import Lock, LockDiff
from builder.ports import World
from builder.sources import bases, locks, own
from builder.sources.locks import Settled


def decide(world: World, formula: Formula, path: Path, asked: Asked, *, frozen: bool) -> Settled:
    """Take the lock if it fits, else make one that does; ``frozen`` refuses to. Write nothing."""
    locks.require_buildable(formula)
    old = locks.read(world, path)
    changed = locks.stale(formula, old)
    if frozen:
        locks.require(path, old, changed)
    if old and not changed and (frozen or _is_there(world, old)):
        locks.require_vouched(formula, old)
        return Settled(lock=old, diff=LockDiff(changes=()))
    from builder.sources import making, survey  # noqa: PLC0415  # a lock that fits needs neither

    known = survey.survey(world, formula, old, asked)
    made = making.make_lock(world, formula, known, old)
    return Settled(
        lock=made,
        diff=lock.diff(old, made),
        changed=changed if old else (),
        findings=known.findings,
    )


def _is_there(world: World, old: Lock) -> bool:
    """Say whether the store has what may come out otherwise when it is made again."""
    return bases.is_there(world.store, old) and own.are_there(world.store, old)
