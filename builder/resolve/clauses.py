"""The loading rules as clauses: a variable for every release in reach.

Source: resolution.md a; the rules are those that ``judge`` holds an answer against.
"""

from collections.abc import Callable, Iterable
from functools import cached_property

from builder.model.formula import Dependencies, Mode, Wish
from builder.model.plugin import Dependency, PluginId, Release
from builder.resolve.loading import meets
from builder.resolve.places import origin_of
from builder.resolve.question import Question
from builder.version import Version, older_than

_Clause = list[int]
_Good = Callable[[Version], bool]


class Clauses:
    """What holds for every set that loads, with a literal for each demand of the formula."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._count = 0
        self._literals: dict[tuple[PluginId, Version], int] = {}
        self._releases = _in_reach(question)
        self._versions = {each: self._known(each) for each in self._releases}
        self._present: dict[PluginId, int] = {}
        self._enough: dict[tuple[PluginId, Version], int] = {}
        self._clauses: list[_Clause] = []
        self._core = self._new()
        self._demands: dict[int, PluginId | None] = {self._core: None}
        for plugin in sorted(self._releases):
            self._name(plugin)
        for plugin in sorted(self._releases):
            for release in self._releases[plugin]:
                self._load(release)
        for plugin, wish in question.wish_by_id.items():
            self._demand(plugin, wish)

    def all(self) -> list[_Clause]:
        """Give every clause."""
        return self._clauses

    def demands(self) -> list[int]:
        """Give the literals to assume: the core's and one for each wish."""
        return sorted(self._demands)

    def demand_of(self, literal: int) -> PluginId | None:
        """Say which wish a literal stands for; None for the core."""
        return self._demands[literal]

    def find(self, plugin: PluginId, version: Version) -> int | None:
        """Give the literal of one release."""
        return self._literals.get((plugin, version))

    def literal(self, release: Release) -> int:
        """Give the literal of a release that has one."""
        return self._literals[release.plugin, release.version]

    def versions(self, plugin: PluginId) -> tuple[Version, ...]:
        """Give the versions of a plugin that have a literal; not all of them may have been read."""
        return self._versions.get(plugin, ())

    def by_literal(self) -> Iterable[tuple[int, Release]]:
        """Give every release with its literal."""
        for each in self._releases.values():
            for release in each:
                yield self._literals[release.plugin, release.version], release

    def _known(self, plugin: PluginId) -> tuple[Version, ...]:
        """Give the versions that there are, and those that a bound names where nothing lists any.

        Such a one may lie in Maven; if the answer hangs on it, it is to be read.
        """
        versions = {each.version for each in self._releases[plugin]}
        if not self._question.universe.listed(plugin):
            named = self._named.get(plugin, set())
            versions |= {e for e in named if origin_of(self._question, plugin, e) is not None}
        return tuple(sorted(versions))

    @cached_property
    def _named(self) -> dict[PluginId, set[Version]]:
        named: dict[PluginId, set[Version]] = {}
        for plugin, wish in self._question.wish_by_id.items():
            named[plugin] = {wish.version} if wish.version else set()
        for releases in self._releases.values():
            for edge in (edge for each in releases for edge in each.dependencies):
                named.setdefault(edge.plugin, set()).add(edge.minimum)
        return named

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _name(self, plugin: PluginId) -> None:
        """Make the literals of a plugin: present means one release of it, and one only."""
        present = self._present[plugin] = self._new()
        own = []
        for version in self._versions[plugin]:
            literal = self._literals[plugin, version] = self._new()
            own.append(literal)
            self._clauses.append([-literal, present])
        self._clauses.append([-present, *own])
        self._at_most_one(own)

    def _at_most_one(self, own: list[int]) -> None:
        """Say so with a ladder: the step after a literal that holds stays up to the end."""
        step = None
        for literal in own:
            if step is not None:
                self._clauses.append([-step, -literal])
            following = self._new()
            self._clauses.append([-literal, following])
            if step is not None:
                self._clauses.append([-step, following])
            step = following

    def _load(self, release: Release) -> None:
        literal = self._literals[release.plugin, release.version]
        if not self._question.universe.fits(release):
            self._clauses.append([-self._core, -literal])
        brought = self._question.brings(release)
        for edge in release.dependencies:
            enough = self._is_enough(edge)
            if edge in brought:
                self._clauses.append([-literal, enough] if enough else [-literal])
            elif enough:
                self._clauses.append([-literal, -self._present[edge.plugin], enough])

    def _is_enough(self, edge: Dependency) -> int | None:
        """Give a literal that holds only if the target is there and not older than asked for."""
        target = edge.plugin, edge.minimum
        if edge.plugin not in self._releases:
            return None
        if target not in self._enough:
            self._enough[target] = self._one_of(edge.plugin, lambda v: meets(v, edge.minimum))
        return self._enough[target]

    def _one_of(self, plugin: PluginId, good: _Good) -> int:
        literal = self._new()
        found = [
            self._literals[plugin, version] for version in self._versions[plugin] if good(version)
        ]
        self._clauses.append([-literal, *found])
        return literal

    def _demand(self, plugin: PluginId, wish: Wish) -> None:
        """Make the literal of a wish; assumed, it holds the plugin to what the wish allows."""
        literal = self._new()
        self._demands[literal] = plugin
        if plugin not in self._releases:
            self._clauses.append([-literal])
            return
        allowed = set(self._question.ranked(plugin))
        if wish.mode in {Mode.NEWEST, Mode.AT_LEAST} or not allowed:
            allowed = set(self._versions[plugin])  # the core's refusal is a demand of its own
        lowest = wish.version if wish.mode is Mode.AT_LEAST else None
        one = self._one_of(
            plugin,
            lambda each: each in allowed and not (lowest and older_than(each, lowest)),
        )
        self._clauses.append([-literal, one])


def _in_reach(question: Question) -> dict[PluginId, tuple[Release, ...]]:
    """Give the releases of every plugin that a wish could bring in, whatever versions it takes."""
    found: dict[PluginId, tuple[Release, ...]] = {}
    waiting = sorted(question.wish_by_id)
    while waiting:
        plugin = waiting.pop()
        if plugin in found:
            continue
        releases = _releases(question, plugin)
        if releases or origin_of(question, plugin, Version("0")):
            found[plugin] = releases
        waiting += [edge.plugin for each in releases for edge in question.brings(each)]
    return found


def _releases(question: Question, plugin: PluginId) -> tuple[Release, ...]:
    """Give what may be chosen, and what only another core would let in."""
    universe = question.universe
    known = {each.version: each for each in universe.listed(plugin)}
    if question.policy.dependencies is Dependencies.LATEST and plugin not in question.wish_by_id:
        known = {}
    elif not known:
        known = {each.version: each for each in universe.read() if each.plugin == plugin}
    for version in question.ranked(plugin):
        release = universe.find(plugin, version)
        if release:
            known.setdefault(version, release)
    return tuple(known.values())
