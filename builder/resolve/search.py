"""The complete search: asked before a refusal, and believed.

Either there is a choice, and the one nearest to what the wishes prefer is given; or there is
none, and the demands that cannot stand together are told, none too many.

Source: resolution.md j. The solver is imported late: hardly any resolution needs it.
"""

from dataclasses import dataclass
from typing import Self

from builder.model.plugin import PluginId, Release
from builder.resolve.clauses import Clauses
from builder.resolve.cycles import cycle_of
from builder.resolve.places import require_origin
from builder.resolve.question import Question, Unread
from builder.resolve.rounds import Chosen
from builder.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Demands of which no release set meets all; without any one of them there is one."""

    wishes: tuple[PluginId, ...]  # ascending
    core: bool  # whether the core is one of them


def search(question: Question) -> Chosen | Unread | Contradiction:
    """Find the choice that the wishes like best, or prove that there is none.

    Where that hangs on a release that nobody has read, it is to be read first.
    """
    with _Search(question) as searching:
        return searching.run()


def sacrifice(question: Question) -> tuple[PluginId, ...]:
    """Name wishes without which all the others can be met, none too many, by id.

    The core is held; where even that cannot be, every wish is named.
    """
    with _Search(question) as searching:
        return searching.sacrifice()


class _Search:
    def __init__(self, question: Question) -> None:
        from pysat.solvers import Glucose4  # noqa: PLC0415  # hardly any resolution needs it

        self._question = question
        self._clauses = Clauses(question)
        self._solver = Glucose4(bootstrap_with=self._clauses.all())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    def run(self) -> Chosen | Unread | Contradiction:
        """Solve, and again without each cycle that shows."""
        demands = self._clauses.demands()
        while self._solver.solve(assumptions=demands):
            chosen = self._nearest(demands)
            if isinstance(chosen, Unread):
                return chosen
            cycle = cycle_of(chosen)
            if not cycle:
                return chosen
            self._solver.add_clause([-self._literal(chosen[each]) for each in cycle])
        return self._contradiction(demands)

    def sacrifice(self) -> tuple[PluginId, ...]:
        """Hold demand by demand, as long as all that are held can stand together."""
        held: list[int] = []
        given_up: list[PluginId] = []
        for demand in self._clauses.demands():
            if self._solves_without_cycles([*held, demand]):
                held.append(demand)
            elif (plugin := self._clauses.demand_of(demand)) is not None:
                given_up.append(plugin)
        return tuple(sorted(given_up))

    def _nearest(self, demands: list[int]) -> Chosen | Unread:
        """Fix plugin by plugin, wishes first, at the best version that can still be had."""
        question = self._question
        fixed = list(demands)
        chosen: dict[PluginId, Release] = {}
        waiting = sorted(question.wish_by_id)
        while waiting:
            for plugin in waiting:
                version, literal = self._best(plugin, fixed)
                release = question.universe.find(plugin, version)
                if release is None:
                    origin = require_origin(question, plugin, version)
                    return Unread(releases=((plugin, version, origin),))
                fixed.append(literal)
                chosen[plugin] = release
            reached = {e.plugin for each in chosen.values() for e in question.brings(each)}
            waiting = sorted(reached - chosen.keys())[:1]
        return {plugin: chosen[plugin] for plugin in sorted(chosen)}

    def _best(self, plugin: PluginId, fixed: list[int]) -> tuple[Version, int]:
        ranked = self._question.ranked(plugin)
        others = (each for each in self._clauses.versions(plugin) if each not in ranked)
        for version in (*ranked, *others):
            literal = self._clauses.find(plugin, version)
            if literal and self._solver.solve(assumptions=[*fixed, literal]):
                return version, literal
        raise AssertionError(plugin)

    def _literal(self, release: Release) -> int:
        literal = self._clauses.find(release.plugin, release.version)
        if literal is None:
            raise AssertionError(release)
        return literal

    def _contradiction(self, demands: list[int]) -> Contradiction:
        """Take demands out one by one, as long as what is left still cannot stand."""
        needed = sorted(self._solver.get_core() or demands)
        for demand in list(needed):
            rest = [each for each in needed if each != demand]
            if not self._solves_without_cycles(rest):
                needed = rest
        names = {self._clauses.demand_of(each) for each in needed}
        return Contradiction(
            wishes=tuple(sorted(each for each in names if each is not None)), core=None in names
        )

    def _solves_without_cycles(self, demands: list[int]) -> bool:
        """Solve for some of the demands; a cycle that shows is ruled out for good."""
        while self._solver.solve(assumptions=demands):
            chosen = self._model()
            cycle = cycle_of(chosen)
            if not cycle:
                return True
            self._solver.add_clause([-self._literal(chosen[each]) for each in cycle])
        return False

    def _model(self) -> Chosen:
        true = set(self._solver.get_model() or ())
        return {each.plugin: each for lit, each in self._clauses.by_literal() if lit in true}
