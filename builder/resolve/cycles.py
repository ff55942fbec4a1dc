"""Plugins that need each other, over whatever edges: a controller deactivates them all."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from builder.model.plugin import PluginId, Release


def cycle_of(chosen: Mapping[PluginId, Release]) -> tuple[PluginId, ...]:
    """Give the members of one cycle among the chosen releases; empty where there is none."""
    graph = {
        plugin: [e.plugin for e in chosen[plugin].dependencies if e.plugin in chosen]
        for plugin in chosen
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(sorted(set(error.args[1])))
    return ()
