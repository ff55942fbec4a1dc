"""What differs between two locks."""

from collections.abc import Iterator

from builder.lock.shifts import shifts
from builder.model.digest import Digest
from builder.model.lock import Change, ChangeKind, Lock, LockDiff
from builder.version import Version

_Entry = tuple[Version | None, Digest]


def diff(before: Lock | None, after: Lock) -> LockDiff:
    """Compare: core first, then plugins by id, bases by platform, files by path.

    A lock that is there for the first time is all additions.
    """
    old = _entries(before) if before else {}
    new = _entries(after)
    subjects = [*new, *(each for each in old if each not in new)]
    ordered = sorted(subjects)
    return LockDiff(
        changes=tuple(c for each in ordered for c in _change(each, old.get(each), new.get(each))),
        shifts=tuple(shifts(before, after)) if before else (),
    )


def _change(subject: str, before: _Entry | None, after: _Entry | None) -> Iterator[Change]:
    if before != after:
        yield Change(
            subject=subject.partition(" ")[2],
            kind=_kind(before, after),
            before=_shown(before),
            after=_shown(after),
        )


def _kind(before: _Entry | None, after: _Entry | None) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    if before[0] is None or after[0] is None:
        return ChangeKind.NEW_BYTES
    return ChangeKind.between(before[0], after[0])


def _shown(entry: _Entry | None) -> str | None:
    if entry is None:
        return None
    return entry[0] or str(entry[1])[:19]


def _entries(locked: Lock) -> dict[str, _Entry]:
    """Spread a lock out; each key begins with a digit that gives its rank."""
    bases = {f"2 base {each.platform}": (None, each.digest) for each in locked.bases}
    return {
        "0 core": (locked.core.version, locked.core.digest),
        **{f"1 {each.plugin}": (each.version, each.digest) for each in locked.plugins},
        **bases,
        **{f"3 {each.path}": (None, each.digest) for each in locked.inputs},
    }
