"""The differences between two locks with what is known of them: what a reviewer looks at first."""

from msgspec.structs import replace

from builder.audit.outdated import crossed, fixed
from builder.lock import diff
from builder.model.audit import Known, Move, Severity
from builder.model.inventory import Contents
from builder.model.lock import Change, ChangeKind, Shift
from builder.model.plugin import PluginId, Release
from builder.version import Version

_ORDER = tuple(Severity)


def moves(before: Contents | None, after: Contents, known: Known | None = None) -> tuple[Move, ...]:
    """Compare two locks, or what is found in an image that holds none.

    Args:
        before: None where there was none: everything is new.
        after: what is looked at.
        known: the warnings and releases to judge by; without them the locks speak alone.

    Returns:
        Moves by severity, the heaviest first; what fixes a warning before the rest of its
        severity; then core, plugins by id, bases and files. Empty for equal locks.
    """
    found = diff(before, after)
    by_subject: dict[str, tuple[Shift, ...]] = {}
    for each in found.shifts:
        by_subject[each.subject] = (*by_subject.get(each.subject, ()), each)
    told = [_move(e.subject, e, by_subject.pop(e.subject, ()), known) for e in found.changes]
    told += [_move(each, None, by_subject[each], known) for each in by_subject]
    return tuple(sorted(told, key=lambda each: (_ORDER.index(each.severity), not each.fixes)))


def _move(
    subject: str, change: Change | None, shifts: tuple[Shift, ...], known: Known | None
) -> Move:
    move = Move(
        subject=subject,
        kind=change.kind if change else None,
        before=change.before if change else None,
        after=change.after if change else None,
        severity=_severity(change, shifts),
        shifts=shifts,
    )
    return move if change is None or known is None else _judged(move, known)


def _judged(move: Move, known: Known) -> Move:
    """Add what the catalogues say of both versions."""
    plugin = None if move.subject == "core" else PluginId(move.subject)
    was, now = _version(move.before), _version(move.after)
    brings = fixed(known, plugin, now, was) if now else ()
    crosses = crossed(was, _release(known, plugin, now)) if was and plugin and now else None
    weight = (Severity.ERROR if brings else None, Severity.WARNING if crosses else None)
    heaviest = min((move.severity, *filter(None, weight)), key=_ORDER.index)
    return replace(
        move,
        severity=heaviest,
        fixes=fixed(known, plugin, was, now) if was else (),
        brings=brings,
        crosses=crosses,
    )


def _severity(change: Change | None, shifts: tuple[Shift, ...]) -> Severity:
    """Weigh what the locks tell alone: other bytes under one version are the gravest."""
    swapped = change is not None and change.before == change.after
    if swapped or any(each.lowered for each in shifts):
        return Severity.ERROR
    if change is not None and change.kind is ChangeKind.LOWERED:
        return Severity.WARNING
    return Severity.NOTE


def _version(text: str | None) -> Version | None:
    return None if text is None else Version(text)


def _release(known: Known, plugin: PluginId, version: Version) -> Release | None:
    return next((e for e in known.catalogue.releases(plugin) if e.version == version), None)
