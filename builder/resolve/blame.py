"""Which version to rule out where the rounds end in no answer."""

from collections.abc import Mapping

from builder.model.plugin import Dependency, PluginId, Release
from builder.resolve.chosen import Chosen, Demand, Stuck
from builder.resolve.cycles import cycle_of
from builder.resolve.loading import meets
from builder.resolve.question import Question
from builder.version import Version

Ban = tuple[PluginId, Version]
Banned = frozenset[Ban]


def blamed(question: Question, end: Chosen | Stuck, banned: Banned) -> Ban | None:
    """Choose a version to do without; None where that is of no use, or none is left to rule out."""
    if isinstance(end, Stuck):
        return _of_stuck(question, end, banned)
    return _on_cycle(question, end, banned)


def _of_stuck(question: Question, stuck: Stuck, banned: Banned) -> Ban | None:
    """Choose the version to rule out: of a demander, or of who demands that one, and so on.

    First those whose minimum cannot be met, then the farthest from a wish, then the greatest id.
    """
    depth = _depths(question, stuck.chosen)
    wave, seen = {stuck.plugin}, {stuck.plugin}
    while wave:
        demands = [
            each for each in _demands(question, stuck, wave) if each.release.plugin not in seen
        ]
        movable = [each for each in demands if _can_move(question, each.release, banned)]
        if movable:
            worst = max(movable, key=lambda e: (_is_unmet(stuck, e), _rank(depth, e.release)))
            return worst.release.plugin, worst.release.version
        wave = {each.release.plugin for each in demands}
        seen |= wave
    return None


def _on_cycle(question: Question, chosen: Chosen, banned: Banned) -> Ban | None:
    """Choose the version to rule out of a cycle, if there is one: the farthest from a wish."""
    members = (chosen[each] for each in cycle_of(chosen))
    movable = [each for each in members if _can_move(question, each, banned)]
    if not movable:
        return None
    depth = _depths(question, chosen)
    worst = max(movable, key=lambda each: _rank(depth, each))
    return worst.plugin, worst.version


def _rank(depth: Mapping[PluginId, int], release: Release) -> tuple[int, PluginId, Version]:
    return depth.get(release.plugin, 0), release.plugin, release.version


def _demands(question: Question, stuck: Stuck, wave: set[PluginId]) -> list[Demand]:
    return [
        Demand(release=release, edge=edge)
        for release in stuck.chosen.values()
        for edge in release.dependencies
        if edge.plugin in wave and _counts(question, stuck, release, edge)
    ]


def _counts(question: Question, stuck: Stuck, release: Release, edge: Dependency) -> bool:
    """Say whether an edge is in force; whoever got stuck would be there."""
    present = edge.plugin in stuck.chosen or edge.plugin == stuck.plugin
    return present or edge in question.brings(release)


def _is_unmet(stuck: Stuck, demand: Demand) -> bool:
    found = stuck.chosen.get(demand.edge.plugin)
    return found is None or not meets(found.version, demand.edge.minimum)


def _can_move(question: Question, release: Release, banned: Banned) -> bool:
    """Say whether a plugin has another version that is not ruled out yet."""
    plugin = release.plugin
    if question.is_fixed(plugin):
        return False
    others = (each for each in question.ranked(plugin) if each != release.version)
    return any((plugin, each) not in banned for each in others)


def _depths(question: Question, chosen: Chosen) -> Mapping[PluginId, int]:
    """Count the steps from the nearest wish to each plugin."""
    depth = {each: 0 for each in question.wish_by_id if each in chosen}
    waiting = list(depth)
    for plugin in waiting:  # grows while it is walked: breadth first
        for edge in question.brings(chosen[plugin]):
            if edge.plugin in chosen and edge.plugin not in depth:
                depth[edge.plugin] = depth[plugin] + 1
                waiting.append(edge.plugin)
    return depth
