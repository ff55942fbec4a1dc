"""The lock file: read, and held against the formula."""

from collections import Counter
from pathlib import Path

from msgspec import Struct

from builder import lock, resolve
from builder.errors import (
    FormulaInvalid,
    LockBroken,
    LockMissing,
    LockStale,
    ResolutionError,
    Unvouched,
)
from builder.model.audit import AuditFinding
from builder.model.formula import Formula
from builder.model.lock import Lock, LockDiff
from builder.model.plugin import Trust
from builder.ports import World


class Settled(Struct, frozen=True, kw_only=True):
    """A lock that fits its formula, and what became different on the way."""

    lock: Lock
    diff: LockDiff  # empty when the lock was fresh
    changed: tuple[str, ...] = ()  # what of the formula no longer fitted the lock there was
    findings: tuple[AuditFinding, ...] = ()  # on the catalogues that were asked


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


def stale(formula: Formula, old: Lock | None) -> tuple[str, ...]:
    """Name what no longer fits between formula and lock; empty when the lock is fresh."""
    return lock.changes(formula, old) if old else ("there is no lock",)


def require_buildable(formula: Formula) -> None:
    """Refuse what can be read and not be built yet.

    Raises:
        FormulaInvalid: with every such key.
    """
    if formula.unbuilt:
        raise FormulaInvalid(problems=formula.unbuilt)


def require_vouched(formula: Formula, locked: Lock) -> None:
    """Refuse what nobody has signed, where the policy asks for signatures.

    Raises:
        Unvouched: a digest rests on less than a signed catalogue.
    """
    if not formula.policy.signed_only:
        return
    pins = [(each.plugin, each.version, each.trust) for each in locked.plugins]
    core = locked.core
    named = ((core.family.value, core.version, core.trust), *pins)
    found = tuple(f"{n} {v} ({t.value})" for n, v, t in named if t is not Trust.SIGNED)
    found += tuple(f"{each.origin} ({each.trust.value})" for each in locked.libraries)
    if found:
        raise Unvouched(pins=found)


def vouched(locked: Lock) -> str:
    """Count the files by what vouches for them: ``164 signed, 2 first-use``."""
    found = [locked.core.trust, *(each.trust for each in locked.plugins)]
    counts = Counter([*found, *(each.trust for each in locked.libraries)])
    return ", ".join(f"{counts[each]} {each.value}" for each in Trust if counts[each])


def require(path: Path, old: Lock | None, changed: tuple[str, ...]) -> None:
    """Refuse what ``--frozen`` may not build from.

    Raises:
        LockMissing: there is no lock.
        LockStale: it no longer fits the formula.
    """
    if old is None:
        raise LockMissing(path=path)
    if changed:
        raise LockStale(path=path, changed=changed)
