"""Checks an answer again by the controller's own loading rules; shares no code with the search.

Of the search's room it takes the table of what left the core, and nothing else.

Source: resolution.md a and b, read from ``hudson.PluginWrapper.resolvePluginDependencies``.
"""

from collections.abc import Iterator, Mapping

from builder.errors import CoreTooOld, DependencyCycle, DependencyUnmet
from builder.model.lock import Resolution
from builder.model.plugin import Dependency, DependencyKind, PluginId, Release
from builder.resolve.detached import Detached
from builder.version import Version, compare, is_snapshot

_Edges = Mapping[PluginId, tuple[Dependency, ...]]


def judge(resolution: Resolution, detached: Detached | None = None) -> None:
    """Accept the set, or refuse it as a booting controller would.

    Args:
        resolution: the whole set.
        detached: what the core no longer brings; None believes the edges that the set tells of.

    Raises:
        CoreTooOld: a plugin needs a newer core.
        DependencyUnmet: a mandatory dependency is absent, or any that is present is too old.
        DependencyCycle: plugins need each other; the controller would deactivate them all.
    """
    present = {each.release.plugin: each.release for each in resolution.choices}
    if len(present) != len(resolution.choices):
        raise AssertionError(resolution)
    edges = {plugin: _edges(each, detached) for plugin, each in present.items()}
    for release in present.values():
        _check_core(release, resolution.core)
        for edge in edges[release.plugin]:
            _check_edge(release, edge, present.get(edge.plugin))
    _check_cycles(present, edges)


def _edges(release: Release, detached: Detached | None) -> tuple[Dependency, ...]:
    if detached is None:
        return release.dependencies
    written = (each for each in release.dependencies if each.kind is not DependencyKind.IMPLIED)
    return (*written, *detached.implied(release.plugin, release.required_core))


def _too_old(found: Version, wanted: Version) -> bool:
    """Compare as the controller does, which overlooks what a snapshot gets wrong."""
    return compare(found, wanted) < 0 and not (is_snapshot(found) or is_snapshot(wanted))


def _check_core(release: Release, core: Version) -> None:
    needs = release.required_core
    if needs is not None and _too_old(core, needs):
        raise CoreTooOld(
            plugin=release.plugin,
            version=release.version,
            needs=needs,
            core=core,
            chain=(release.plugin,),
            place=None,
        )


def _check_edge(release: Release, edge: Dependency, target: Release | None) -> None:
    absent = target is None and edge.kind is DependencyKind.REQUIRED
    if absent or (target is not None and _too_old(target.version, edge.minimum)):
        raise DependencyUnmet(
            plugin=release.plugin,
            needs=edge.plugin,
            minimum=edge.minimum,
            found=target.version if target else None,
        )


def _check_cycles(present: Mapping[PluginId, Release], edges: _Edges) -> None:
    done: set[PluginId] = set()
    for start in sorted(present):
        _walk(start, edges, done)


def _walk(start: PluginId, edges: _Edges, done: set[PluginId]) -> None:
    """Go down every edge to a present plugin, with a path instead of recursion."""
    path: list[PluginId] = []
    ways: list[Iterator[PluginId]] = [iter((start,))]
    while ways:
        plugin = next(ways[-1], None)
        if plugin is None:
            ways.pop()
            done.update(path[-1:])
            del path[-1:]
        elif plugin in path:
            raise DependencyCycle(cycle=(*path[path.index(plugin) :], plugin))
        elif plugin not in done:
            path.append(plugin)
            ways.append(iter(sorted({e.plugin for e in edges[plugin] if e.plugin in edges})))
