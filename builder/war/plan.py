"""Which entry of the WAR comes from which file."""

from builder.errors import ArchiveBroken
from builder.model.build import Files, WarEntry, WarPlan
from builder.model.digest import Digest
from builder.model.formula import Layout
from builder.model.lock import Lock
from builder.war import rules
from builder.war.changes import NOTHING, Changes

_FORMAT = "1"  # raised when the same plan begins to give other bytes
_FOLDER = "WEB-INF/plugins"
_SUFFIX = ".hpi"  # what custom-war-packager writes; both families take it


def make(
    *,
    layout: Layout,
    locked: Lock,
    files: Files,
    core_names: tuple[str, ...],
    changed: Changes = NOTHING,
) -> WarPlan:
    """Work out the WAR; the core as it is where plugins lie beside it and nothing is changed.

    Raises:
        ArchiveBroken: an entry, of the core or of a plugin, has a name it may not have.
    """
    plugins = _plugins(locked, files) if layout is Layout.WAR else ()
    added = rules.in_order((*plugins, *changed.entries))
    dropped = _dropped(core_names, added, changed.dropped)
    kept = set(core_names).difference(dropped)
    fault = rules.fault_of(
        kept=(each for each in core_names if each in kept), added=(each.name for each in added)
    )
    if fault:
        raise ArchiveBroken(path=files.core.path, fault=fault)
    return WarPlan(core=files.core, added=added, dropped=dropped)


def fingerprint(plan: WarPlan) -> Digest:
    """Compute a digest that two plans share exactly when they give the same bytes."""
    parts = [_FORMAT, plan.core.digest.hex, *plan.dropped]
    for each in plan.added:
        digest = Digest.of(each.source) if isinstance(each.source, bytes) else each.source.digest
        parts += [each.name, digest.hex]
    return Digest.of("\0".join(parts).encode())


def _plugins(locked: Lock, files: Files) -> tuple[WarEntry, ...]:
    pairs = zip(locked.plugins, files.plugins, strict=True)
    return tuple(
        WarEntry(name=f"{_FOLDER}/{pin.plugin}{_SUFFIX}", source=stored) for pin, stored in pairs
    )


def _dropped(
    core_names: tuple[str, ...], added: tuple[WarEntry, ...], without: tuple[str, ...]
) -> tuple[str, ...]:
    if not added and not without:
        return ()
    replaced = {*without, *(each.name for each in added)}
    return tuple(name for name in core_names if name in replaced or rules.is_signature(name))
