"""Checks an answer again by the controller's own loading rules; shares no code with the rounds.

Source: resolution.md a, read from ``hudson.PluginWrapper.resolvePluginDependencies``.
"""

from collections.abc import Mapping

from builder.errors import CoreTooOld, DependencyCycle, DependencyUnmet
from builder.model.lock import Resolution
from builder.model.plugin import DependencyKind, PluginId, Release
from builder.version import compare


def judge(resolution: Resolution) -> None:
    """Accept the set, or refuse it as a booting controller would.

    Raises:
        CoreTooOld: a plugin needs a newer core.
        DependencyUnmet: a mandatory dependency is absent, or any that is present is too old.
        DependencyCycle: plugins need each other; the controller would deactivate them all.
    """
    present = {each.release.plugin: each.release for each in resolution.choices}
    for release in present.values():
        needs = release.required_core
        if needs is not None and compare(resolution.core, needs) < 0:
            raise CoreTooOld(
                plugin=release.plugin,
                version=release.version,
                needs=needs,
                core=resolution.core,
                chain=(release.plugin,),
                place=None,
            )
        _check_dependencies(release, present)
    _check_cycles(present)


def _check_dependencies(release: Release, present: Mapping[PluginId, Release]) -> None:
    for edge in release.dependencies:
        target = present.get(edge.plugin)
        absent = target is None and edge.kind is DependencyKind.REQUIRED
        too_old = target is not None and compare(target.version, edge.minimum) < 0
        if absent or too_old:
            raise DependencyUnmet(
                plugin=release.plugin,
                needs=edge.plugin,
                minimum=edge.minimum,
                found=target.version if target else None,
            )


def _check_cycles(present: Mapping[PluginId, Release]) -> None:
    done: set[PluginId] = set()
    for start in sorted(present):
        _walk(start, present, done)


def _walk(start: PluginId, present: Mapping[PluginId, Release], done: set[PluginId]) -> None:
    """Go down every edge to a present plugin, with a path instead of recursion."""
    path: list[PluginId] = []
    ways = [iter((start,))]
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
            edges = present[plugin].dependencies
            ways.append(iter(tuple(sorted(e.plugin for e in edges if e.plugin in present))))
