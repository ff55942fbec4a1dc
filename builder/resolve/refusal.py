"""A contradiction as an error: the demands that clash, and the chain from each to where they do."""

import dataclasses
from collections.abc import Iterable

from msgspec.structs import replace

from builder.errors import DemandsConflict, ResolutionError
from builder.model.formula import Dependencies, Mode
from builder.model.plugin import Dependency, PluginId, Release
from builder.model.refusal import Clash, Demand, NewerCore, Step
from builder.resolve import rounds
from builder.resolve.chosen import Chosen, Stuck
from builder.resolve.cycles import cycle_of
from builder.resolve.loading import meets
from builder.resolve.places import unknown
from builder.resolve.question import Question, Unread
from builder.resolve.search import Contradiction
from builder.version import Version, compare

_Chain = tuple[Step, ...]


def refusal(question: Question, found: Contradiction) -> ResolutionError:
    """Word the refusal in facts.

    Args:
        question: that has no answer.
        found: the demands that a complete search has shown to contradict each other.
    """
    wishes = tuple(question.wish_by_id[each] for each in found.wishes)
    narrow = replace(question, wishes=wishes)
    stuck, cycle = _told(narrow)
    demands = _demands(narrow, stuck)
    if not found.core and _is_unheard_of(question, stuck.plugin):
        return _unknown(question, stuck.plugin, demands)
    core = (_core(question),) if found.core else ()
    return DemandsConflict(
        clash=Clash(
            plugin=stuck.plugin,
            demands=(*demands, *core),
            newer_core=_newer_core(narrow, stuck) if found.core else None,
            cycle=cycle,
        ),
        changes=(),
    )


def _told(question: Question) -> tuple[Stuck, tuple[PluginId, ...]]:
    """Take the wishes to where they first get stuck, or to the cycle they end in.

    At the lowest versions that every bound allows, which ask for the least: with no others would
    the demands meet halfway.
    """
    lowest = replace(question.policy, dependencies=Dependencies.LOWEST)
    found = rounds.run(replace(question, policy=lowest), bans=0)
    if isinstance(found, Unread):
        found = rounds.run(question)
    if isinstance(found, Stuck):
        return found, ()
    chosen = {} if isinstance(found, Unread) else found
    cycle = cycle_of(chosen)
    first = cycle[0] if cycle else min(question.wish_by_id)
    return Stuck(plugin=first, found=None, chosen=chosen), cycle


def _is_unheard_of(question: Question, plugin: PluginId) -> bool:
    universe = question.universe
    return not universe.listed(plugin) and not any(e.plugin == plugin for e in universe.read())


def _unknown(question: Question, plugin: PluginId, demands: Iterable[Demand]) -> ResolutionError:
    """Say that nothing publishes what is needed, with the way that leads there."""
    error = unknown(question, plugin)
    for demand in demands:
        if demand.chain:
            way = (*(step.plugin for step in demand.chain), plugin)
            return dataclasses.replace(error, chain=way, place=demand.place)
    return error


def _demands(question: Question, stuck: Stuck) -> tuple[Demand, ...]:
    chosen = stuck.chosen
    demands = (
        Demand(
            plugin=plugin,
            version=wish.version or _version_of(chosen, plugin),
            mode=wish.mode,
            place=wish.place,
            chain=_chain(question, stuck, plugin),
        )
        for plugin, wish in question.wish_by_id.items()
    )
    return tuple(sorted(demands, key=lambda e: (e.place is None, e.place, e.plugin)))


def _version_of(chosen: Chosen, plugin: PluginId) -> Version | None:
    return chosen[plugin].version if plugin in chosen else None


def _core(question: Question) -> Demand:
    core = question.universe.core
    return Demand(plugin=None, version=core, mode=Mode.PINNED, place=None, chain=())


def _chain(question: Question, stuck: Stuck, wish: PluginId) -> _Chain:
    """Give a shortest way from a wish to where it got stuck; empty where none leads there."""
    if wish == stuck.plugin or wish not in stuck.chosen:
        return ()
    ways: list[_Chain] = []
    waiting: list[tuple[PluginId, _Chain]] = [(wish, ())]
    seen = {wish}
    for plugin, way in waiting:  # grows while it is walked: breadth first
        release = stuck.chosen[plugin]
        ways += [(*way, _step(release, edge)) for edge in _to(release, stuck.plugin)]
        for edge in question.brings(release):
            if edge.plugin in stuck.chosen and edge.plugin not in {*seen, stuck.plugin}:
                seen.add(edge.plugin)
                waiting.append((edge.plugin, (*way, _step(release, edge))))
    return _hardest(ways, stuck)


def _hardest(ways: list[_Chain], stuck: Stuck) -> _Chain:
    """Prefer a way whose demand is not met, then a short one, then small ids."""
    if not ways:
        return ()
    found = stuck.found
    return min(
        ways,
        key=lambda way: (
            found is not None and meets(found, way[-1].minimum),
            len(way),
            [step.plugin for step in way],
        ),
    )


def _to(release: Release, target: PluginId) -> list[Dependency]:
    return [each for each in release.dependencies if each.plugin == target]


def _step(release: Release, edge: Dependency) -> Step:
    return Step(
        plugin=release.plugin,
        version=release.version,
        kind=edge.kind,
        asks=edge.plugin,
        minimum=edge.minimum,
    )


def _newer_core(question: Question, stuck: Stuck) -> NewerCore | None:
    """Find the release that meets every bound and asks for the least core beyond ours."""
    asked = [edge.minimum for each in stuck.chosen.values() for edge in _to(each, stuck.plugin)]
    wish = question.wish_by_id.get(stuck.plugin)
    pinned = wish.version if wish and wish.mode is Mode.PINNED else None
    best: NewerCore | None = None
    universe = question.universe
    read = (each for each in universe.read() if each.plugin == stuck.plugin)
    for release in (*universe.listed(stuck.plugin), *read):
        needs = release.required_core
        if (
            needs is None
            or question.universe.fits(release)
            or pinned not in {None, release.version}
        ):
            continue
        enough = all(meets(release.version, each) for each in asked)
        if enough and (best is None or compare(needs, best.needs) < 0):
            best = NewerCore(version=release.version, needs=needs)
    return best
