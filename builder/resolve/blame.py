"""Which version to rule out where the rounds end in no answer."""

from collections.abc import Mapping

from builder.model.plugin import Dependency, PluginId, Release
from builder.resolve.chosen import Chosen, Demand, Stuck
from builder.resolve.cycles import cycle_of
from builder.resolve.loading import meets
from builder.resolve.question import Question
from builder.version import Version, newest

Ban = tuple[PluginId, Version]
Banned = frozenset[Ban]


def blamed(question: Question, end: Chosen | Stuck, banned: Banned) -> Ban | None:
    """Choose a version to do without; None where that is of no use, or none is left to rule out."""
    if isinstance(end, Stuck):
        return _Blame(question, end, banned).find()
    return _on_cycle(question, end, banned)


class _Blame:
    """Looks for a version to rule out so that there is a way on for a plugin that got stuck."""

    def __init__(self, question: Question, stuck: Stuck, banned: Banned) -> None:
        self._question = question
        self._stuck = stuck
        self._banned = banned

    def find(self) -> Ban | None:
        """Take a demander, or who demands that one, and so on.

        First one whose minimum nothing meets, then one with the highest minimum, then the farthest
        from a wish, then the greatest id.
        """
        wave, seen = {self._stuck.plugin}, {self._stuck.plugin}
        while wave:
            demands = [each for each in self._demands(wave) if each.release.plugin not in seen]
            demands = [each for each in demands if self._is_unmet(each)] or demands
            movable = [e for e in demands if _can_move(self._question, e.release, self._banned)]
            if movable:
                return self._worst(movable)
            wave = {each.release.plugin for each in demands}
            seen |= wave
        return None

    def _demands(self, wave: set[PluginId]) -> list[Demand]:
        return [
            Demand(release=release, edge=edge)
            for release in self._stuck.chosen.values()
            for edge in release.dependencies
            if edge.plugin in wave and self._counts(release, edge)
        ]

    def _counts(self, release: Release, edge: Dependency) -> bool:
        """Say whether an edge is in force; whoever got stuck would be there."""
        present = edge.plugin in self._stuck.chosen or edge.plugin == self._stuck.plugin
        return present or edge in self._question.brings(release)

    def _is_unmet(self, demand: Demand) -> bool:
        """Say whether what was chosen is too old or, where nothing was, whatever might be."""
        target = demand.edge.plugin
        found = self._stuck.chosen.get(target)
        if found:
            return not meets(found.version, demand.edge.minimum)
        left = (e for e in self._question.ranked(target) if (target, e) not in self._banned)
        return not any(meets(each, demand.edge.minimum) for each in left)

    def _worst(self, demands: list[Demand]) -> Ban:
        highest = newest(each.edge.minimum for each in demands)
        depth = _depths(self._question, self._stuck.chosen)
        worst = max(demands, key=lambda e: (e.edge.minimum == highest, _rank(depth, e.release)))
        return worst.release.plugin, worst.release.version


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
