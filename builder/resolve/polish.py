"""Makes a sound answer the best of its kind: nothing too much, nothing lower than need be.

Each step keeps the set sound, so any of them could be the last.
"""

from builder.model.plugin import PluginId, Release
from builder.resolve.chosen import Chosen
from builder.resolve.loading import meets
from builder.resolve.question import Question

_PASSES = 50  # far more than any real set takes; each answer on the way is as sound


def polish(question: Question, chosen: Chosen) -> Chosen:
    """Drop what no wish reaches, move each plugin to the best version that fits, and again."""
    current = pruned(question, chosen)
    for _ in range(_PASSES):
        better = pruned(question, _moved(question, current))
        if better == current:
            break
        current = better
    return current


def pruned(question: Question, chosen: Chosen) -> Chosen:
    """Keep what the wishes reach over the edges that bring plugins in."""
    waiting = list(question.wish_by_id)
    reached: set[PluginId] = set()
    while waiting:
        plugin = waiting.pop()
        if plugin in chosen and plugin not in reached:
            reached.add(plugin)
            waiting += [edge.plugin for edge in question.brings(chosen[plugin])]
    return {plugin: chosen[plugin] for plugin in sorted(reached)}


def _moved(question: Question, chosen: Chosen) -> Chosen:
    """Move plugins one by one, by id, to the best version that all the others let them have."""
    current = dict(chosen)
    for plugin in sorted(current):
        ranked = question.ranked(plugin)
        if question.is_fixed(plugin) or current[plugin].version not in ranked:
            continue
        for version in ranked:
            if version == current[plugin].version:
                break
            release = question.universe.find(plugin, version)
            if release and _would_load(question, current, release):
                current[plugin] = release
                break
    return current


def _would_load(question: Question, chosen: Chosen, release: Release) -> bool:
    """Say whether a set stays sound with another release of one of its plugins."""
    if not question.universe.fits(release):
        return False
    users = (
        edge.minimum
        for each in chosen.values()
        if each.plugin != release.plugin
        for edge in each.dependencies
        if edge.plugin == release.plugin
    )
    if not all(meets(release.version, minimum) for minimum in users):
        return False
    brought = {edge.plugin for edge in question.brings(release)}
    if not brought <= chosen.keys():
        return False
    edges = [each for each in release.dependencies if each.plugin in chosen]
    met = all(meets(chosen[each.plugin].version, each.minimum) for each in edges)
    return met and not _closes_a_cycle(chosen, release)


def _closes_a_cycle(chosen: Chosen, release: Release) -> bool:
    """Say whether a plugin would need itself, over whatever edges."""
    waiting = [each.plugin for each in release.dependencies if each.plugin in chosen]
    seen: set[PluginId] = set()
    while waiting:
        plugin = waiting.pop()
        if plugin == release.plugin:
            return True
        if plugin not in seen:
            seen.add(plugin)
            waiting += [e.plugin for e in chosen[plugin].dependencies if e.plugin in chosen]
    return False
