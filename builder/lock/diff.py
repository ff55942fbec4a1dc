"""What differs between two locks, or between a lock and what is found in an image."""

from collections.abc import Iterator

from builder.lock.shifts import shifts
from builder.model.digest import Digest
from builder.model.inventory import Contents
from builder.model.lock import Change, ChangeKind, Lock, LockDiff, Shift
from builder.version import Version

_Entry = tuple[Version | None, Digest | None]  # not both None


def diff(before: Contents | None, after: Contents) -> LockDiff:
    """Compare: core first, then plugins by id, bases by platform, files by path.

    A lock that is there for the first time is all additions. Where either is no lock, only what
    both could tell is compared: core and plugins, by version and bytes.
    """
    old = _held(before) if before else {}
    new = _held(after)
    if isinstance(before, Lock | None) and isinstance(after, Lock):
        old |= _around(before) if before else {}
        new |= _around(after)
    subjects = [*new, *(each for each in old if each not in new)]
    ordered = sorted(subjects)
    return LockDiff(
        changes=tuple(c for each in ordered for c in _change(each, old.get(each), new.get(each))),
        shifts=_shifts(before, after),
    )


def _shifts(before: Contents | None, after: Contents) -> tuple[Shift, ...]:
    if isinstance(before, Lock) and isinstance(after, Lock):
        return tuple(shifts(before, after))
    return ()


def _change(subject: str, before: _Entry | None, after: _Entry | None) -> Iterator[Change]:
    if not _is_same(before, after):
        yield Change(
            subject=subject.partition(" ")[2],
            kind=_kind(before, after),
            before=_shown(before),
            after=_shown(after),
        )


def _is_same(before: _Entry | None, after: _Entry | None) -> bool:
    """Say whether two entries agree as far as they are known."""
    if before is None or after is None:
        return before is after
    (was, bytes_before), (now, bytes_after) = before, after
    return was == now and (bytes_before == bytes_after or not (bytes_before and bytes_after))


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


def _held(some: Contents) -> dict[str, _Entry]:
    """Spread core and plugins out; each key begins with a digit that gives its rank."""
    return {
        "0 core": (some.core.version, some.core.digest),
        **{f"1 {each.plugin}": (each.version, each.digest) for each in some.plugins},
    }


def _around(locked: Lock) -> dict[str, _Entry]:
    """Spread out what lies around the controller."""
    return {
        **{f"2 base {each.platform}": (None, each.digest) for each in locked.bases},
        **{f"3 library {each.artifact}": (None, each.digest) for each in locked.libraries},
        **{f"4 {each.path}": (None, each.digest) for each in locked.inputs},
    }
