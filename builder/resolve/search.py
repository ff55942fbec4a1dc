"""The complete search: asked before a refusal, and believed.

Either there is a choice, and the one nearest to what the wishes prefer is given; or there is
none, and the demands that cannot stand together are told, none too many.

Source: resolution.md j.
"""

from contextlib import closing

from msgspec import Struct

from builder.model.plugin import PluginId, Release
from builder.resolve.chosen import Chosen
from builder.resolve.places import require_origin
from builder.resolve.question import Question, Unread
from builder.resolve.solver import Solver
from builder.version import Version


class Contradiction(Struct, frozen=True, kw_only=True):
    """Demands of which no release set meets all; without any one of them there is one."""

    wishes: tuple[PluginId, ...]  # ascending
    core: bool  # whether the core is one of them


def search(question: Question) -> Chosen | Unread | Contradiction:
    """Find the choice that the wishes like best, or prove that there is none.

    Where that hangs on a release that nobody has read, it is to be read first.
    """
    with closing(Solver(question)) as solver:
        return _Search(question, solver).run()


class _Search:
    def __init__(self, question: Question, solver: Solver) -> None:
        self._question = question
        self._solver = solver
        self._clauses = solver.clauses

    def run(self) -> Chosen | Unread | Contradiction:
        """Solve, and again without each cycle that shows."""
        demands = self._clauses.demands()
        while self._solver.nearly_solves(demands):
            chosen = self._nearest(demands)
            if isinstance(chosen, Unread) or not self._solver.rule_out_cycle(chosen):
                return chosen
        return self._contradiction(demands)

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
            if literal and self._solver.nearly_solves([*fixed, literal]):
                return version, literal
        raise AssertionError(plugin)

    def _contradiction(self, demands: list[int]) -> Contradiction:
        """Take demands out one by one, as long as what is left still cannot stand."""
        needed = sorted(self._solver.blamed() or demands)
        for demand in list(needed):
            rest = [each for each in needed if each != demand]
            if not self._solver.solves(rest):
                needed = rest
        names = {self._clauses.demand_of(each) for each in needed}
        return Contradiction(
            wishes=tuple(sorted(each for each in names if each is not None)), core=None in names
        )
