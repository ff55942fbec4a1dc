"""The clauses of a question in a solver, which is asked again and again with some demands held.

The solver is imported late: hardly any resolution needs it.
"""

from collections.abc import Iterable

from builder.resolve.chosen import Chosen
from builder.resolve.clauses import Clauses
from builder.resolve.cycles import cycle_of
from builder.resolve.question import Question


class Solver:
    """Says which demands can stand together; to be closed, so that its memory is given back."""

    def __init__(self, question: Question) -> None:
        from pysat.solvers import Glucose4  # noqa: PLC0415  # hardly any resolution needs it

        self.clauses = Clauses(question)
        self._cycles: list[list[int]] = []
        self._solver = Glucose4(bootstrap_with=self.clauses.all())

    def close(self) -> None:
        """Give the solver's memory back."""
        self._solver.delete()

    def solves(self, held: Iterable[int]) -> bool:
        """Say whether a set loads and meets what is held; a cycle that shows is ruled out."""
        while self.nearly_solves(held):
            if not self.rule_out_cycle(self._model()):
                return True
        return False

    def nearly_solves(self, held: Iterable[int]) -> bool:
        """Say the same of a set that may have a cycle nobody has seen yet."""
        return bool(self._solver.solve(assumptions=list(held)))

    def blamed(self) -> list[int]:
        """Give some of what was held that cannot stand together, after a no."""
        return list(self._solver.get_core() or ())

    def rule_out_cycle(self, chosen: Chosen) -> bool:
        """Never give that cycle again, where there is one."""
        cycle = cycle_of(chosen)
        if cycle:
            clause = [-self.clauses.literal(chosen[each]) for each in cycle]
            self._cycles.append(clause)
            self._solver.add_clause(clause)
        return bool(cycle)

    def least_given_up(self, held: Iterable[int], weights: Iterable[tuple[int, int]]) -> list[int]:
        """Choose which literals to do without, so that their weights add up to the least.

        Args:
            held: what has to stand; it can.
            weights: the literals that should, each with what it weighs.
        """
        from pysat.examples.rc2 import RC2  # noqa: PLC0415  # for advice alone
        from pysat.formula import WCNF  # noqa: PLC0415  # for advice alone

        formula = WCNF()
        formula.extend([*self.clauses.all(), *self._cycles, *([each] for each in held)])
        soft = dict(weights)
        for literal, weight in soft.items():
            formula.append([literal], weight=weight)
        with RC2(formula) as search:
            true = set(search.compute() or ())
        return [each for each in soft if each not in true]

    def _model(self) -> Chosen:
        true = set(self._solver.get_model() or ())
        return {each.plugin: each for lit, each in self.clauses.by_literal() if lit in true}
