"""Which entry of the WAR comes from which file."""

from builder.errors import ArchiveBroken
from builder.model.build import Files, WarEntry, WarPlan
from builder.model.formula import Layout
from builder.model.lock import Lock
from builder.war import rules

_FOLDER = "WEB-INF/plugins"
_SUFFIX = ".hpi"  # what custom-war-packager writes; both families take it


def make(*, layout: Layout, locked: Lock, files: Files, core_names: tuple[str, ...]) -> WarPlan:
    """Work out the WAR; the core as it is where the plugins lie beside it.

    Raises:
        ArchiveBroken: an entry, of the core or of a plugin, has a name it may not have.
    """
    added = _plugins(locked, files) if layout is Layout.WAR else ()
    dropped = _dropped(core_names, added)
    kept = set(core_names).difference(dropped)
    fault = rules.fault_of(
        kept=(each for each in core_names if each in kept), added=(each.name for each in added)
    )
    if fault:
        raise ArchiveBroken(path=files.core.path, fault=fault)
    return WarPlan(core=files.core, added=added, dropped=dropped)


def _plugins(locked: Lock, files: Files) -> tuple[WarEntry, ...]:
    pairs = zip(locked.plugins, files.plugins, strict=True)
    return rules.in_order(
        WarEntry(name=f"{_FOLDER}/{pin.plugin}{_SUFFIX}", source=stored) for pin, stored in pairs
    )


def _dropped(core_names: tuple[str, ...], added: tuple[WarEntry, ...]) -> tuple[str, ...]:
    if not added:
        return ()
    replaced = {each.name for each in added}
    return tuple(name for name in core_names if name in replaced or rules.is_signature(name))
