"""What would be possible if some demands were given up: quick answers, to be tried before told.

Behind a refusal stand hundreds of what-ifs; they share one solver.
"""

from collections.abc import Collection, Iterator
from functools import cmp_to_key
from itertools import chain, zip_longest

from builder.model.formula import Mode
from builder.model.plugin import PluginId
from builder.resolve.loading import meets
from builder.resolve.question import Question
from builder.resolve.solver import Solver
from builder.resolve.universe import is_early
from builder.version import Version, compare, older_than

_STUBBORN = {Mode.NEWEST}  # such a wish takes any version: it cannot be moved, only dropped
_Moved = tuple[PluginId, Version | None]


class Leeway:
    """Looks around a question that has no answer; to be closed."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._solver = Solver(question)
        clauses = self._solver.clauses
        self._demands = {clauses.demand_of(each): each for each in clauses.demands()}

    def close(self) -> None:
        """Give the solver's memory back."""
        self._solver.close()

    def stands_without(self, plugin: PluginId) -> bool:
        """Say whether all other demands can be met."""
        return self._solver.solves(self._held({plugin}))

    def nearest(self, plugin: PluginId) -> Version | None:
        """Give the version next to what a wish asks for that all other demands allow."""
        return self._nearest(plugin, self._held({plugin}))

    def sacrifice(self) -> tuple[_Moved, ...]:
        """Choose wishes to move or, where no version would do, to drop, as few as it takes."""
        given_up = self._given_up()
        held = self._held(given_up)
        moved: list[_Moved] = []
        for plugin in given_up:
            version = self._nearest(plugin, held)
            if version:
                held += self._literal(plugin, version)
            moved.append((plugin, version))
        return tuple(moved)

    def cores(self) -> Iterator[Version]:
        """Give the cores beyond ours that all the wishes might be met on, the lowest first."""
        wishes = self._held({None})
        if not self._solver.solves(wishes):
            return
        cores = self._newer_cores()
        low, high = 0, len(cores) - 1
        while low < high:
            middle = (low + high) // 2
            if self._solver.solves([*wishes, *self._beyond(cores[middle])]):
                high = middle
            else:
                low = middle + 1
        yield from cores[low:]

    def _held(self, given_up: Collection[PluginId | None]) -> list[int]:
        return [literal for each, literal in self._demands.items() if each not in given_up]

    def _literal(self, plugin: PluginId, version: Version) -> list[int]:
        literal = self._solver.clauses.find(plugin, version)
        return [] if literal is None else [literal]

    def _nearest(self, plugin: PluginId, held: list[int]) -> Version | None:
        for version in self._by_distance(plugin):
            literal = self._literal(plugin, version)
            if literal and self._solver.solves([*held, *literal]):
                return version
        return None

    def _by_distance(self, plugin: PluginId) -> list[Version]:
        """Order the other listed versions: those level with the wish, then up and down in turn."""
        wish = self._question.wish_by_id[plugin]
        asked = wish.version or self._question.universe.offered(plugin)
        if wish.mode in _STUBBORN or asked is None:
            return []
        listed = [each.version for each in self._question.universe.listed(plugin)]
        level = [each for each in listed if each != asked and compare(each, asked) == 0]
        newer = [each for each in listed if older_than(asked, each)]
        older = [each for each in reversed(listed) if older_than(each, asked)]
        turns = chain.from_iterable(zip_longest(newer, older))
        return sorted([*level, *(each for each in turns if each)], key=is_early)

    def _given_up(self) -> list[PluginId]:
        """Weigh the wishes: to drop one that has no other version is worse than to move two."""
        wished = self._question.wish_by_id
        weights = [(self._demands[each], 2 if self._by_distance(each) else 5) for each in wished]
        literals = self._solver.least_given_up([self._demands[None]], weights)
        return [each for each in wished if self._demands[each] in literals]

    def _newer_cores(self) -> list[Version]:
        ours = self._question.universe.core
        named = {release.required_core for _, release in self._solver.clauses.by_literal()}
        newer = sorted(each for each in named if each and older_than(ours, each))
        return sorted(newer, key=cmp_to_key(compare))

    def _beyond(self, core: Version) -> list[int]:
        """Rule out every release that a core is too old for."""
        return [
            -literal
            for literal, release in self._solver.clauses.by_literal()
            if release.required_core and not meets(core, release.required_core)
        ]
