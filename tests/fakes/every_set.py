"""All the sets of a real catalogue at once, as clauses written anew: is there one that would do?

Shares nothing with ``builder/resolve``; the rules are those of ``tests/fakes/recheck.py``.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from types import TracebackType
from typing import Self

from pysat.solvers import Glucose4

from builder.model.formula import Wish
from builder.model.plugin import Dependency, PluginId, Release
from builder.version import Version
from tests.fakes.recheck import (
    Controller,
    Found,
    allows,
    complaints,
    on_cycles,
    reached,
    too_old,
)


class EverySet:
    """One solver over every release of a catalogue; each question is a few assumptions."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self._count = 1
        self.core = 1  # the literal of "the core is the one it is"
        self._solver = Glucose4()
        self._literals: dict[tuple[PluginId, Version], int] = {}
        self._present: dict[PluginId, int] = {}
        self._enough: dict[tuple[PluginId, Version], int] = {}
        plugins = sorted(controller.catalogue.ids())
        for each in plugins:
            self._add(each)
        for each in plugins:
            for release in controller.releases(each).values():
                self._rule(release)
        self._solver.set_phases([-each for each in range(1, self._count + 1)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._solver.delete()

    def is_possible(self, wishes: Iterable[Wish], *, core: bool = True) -> bool:
        """Say whether any set meets the wishes, on this core or on whichever one likes."""
        wished = tuple(wishes)
        assumed = [self._wish(each) for each in wished] + ([self.core] if core else [])
        while self._solver.solve(assumptions=assumed):
            cycle = self._cycle(wished)
            if not cycle:
                return True
            self._solver.add_clause([-self._literals[each] for each in cycle])
        return False

    def _cycle(self, wishes: tuple[Wish, ...]) -> list[tuple[PluginId, Version]]:
        """Give the releases of the model that a cycle keeps; what no wish reaches is not there."""
        model = self._solver.get_model()
        kept: dict[PluginId, Release] = {}
        waiting = [each.plugin for each in wishes]
        while waiting:
            plugin = waiting.pop()
            if plugin not in kept:
                versions = self.controller.releases(plugin)
                true = (v for v in versions if model[self._literals[plugin, v] - 1] > 0)
                kept[plugin] = versions[next(true)]
                waiting += [edge.plugin for edge in self.controller.brings(kept[plugin])]
        cycle = on_cycles(self.controller, kept.values())
        return [(each, kept[each].version) for each in sorted(cycle)]

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _add(self, plugin: PluginId) -> None:
        present = self._present[plugin] = self._new()
        own = [self._new() for _ in self.controller.releases(plugin)]
        self._literals.update(
            ((plugin, version), literal)
            for version, literal in zip(self.controller.releases(plugin), own, strict=True)
        )
        self._solver.add_clause([-present, *own])
        before = None  # holds where any release up to here is chosen
        for literal in own:
            self._solver.add_clause([-literal, present])
            upto = self._new()
            self._solver.add_clause([-literal, upto])
            if before is not None:
                self._solver.append_formula([[-before, upto], [-before, -literal]])
            before = upto

    def _rule(self, release: Release) -> None:
        literal = self._literals[release.plugin, release.version]
        if not self.controller.takes(release):
            self._solver.add_clause([-literal, -self.core])
        brought = self.controller.brings(release)
        for edge in self.controller.edges(release):
            if edge.plugin in self._present:
                absent = [] if edge in brought else [-self._present[edge.plugin]]
                self._solver.add_clause([-literal, *absent, self._young_enough(edge)])
            elif edge in brought:
                self._solver.add_clause([-literal])

    def _young_enough(self, edge: Dependency) -> int:
        key = (edge.plugin, edge.minimum)
        if key not in self._enough:
            good = [e for e in self.controller.releases(edge.plugin) if not too_old(e, key[1])]
            self._enough[key] = self._one_of(edge.plugin, good)
        return self._enough[key]

    def _wish(self, wish: Wish) -> int:
        versions = self.controller.releases(wish.plugin)
        good = [each for each in versions if allows(self.controller, wish, each)]
        return self._one_of(wish.plugin, good)

    def _one_of(self, plugin: PluginId, versions: list[Version]) -> int:
        literal = self._new()
        self._solver.add_clause([-literal, *(self._literals[plugin, each] for each in versions)])
        return literal


def small_sets(
    controller: Controller, wishes: tuple[Wish, ...], *, limit: int
) -> Iterator[Found] | None:
    """Give every set that might do, one by one; None where there are too many to try."""
    ways: dict[PluginId, list[Version | None]] = {}
    waiting = [each.plugin for each in wishes]
    while waiting:
        plugin = waiting.pop()
        if plugin in ways:
            continue
        releases = [e for e in controller.releases(plugin).values() if controller.takes(e)]
        ways[plugin] = [None, *(each.version for each in releases)]
        waiting += [edge.plugin for each in releases for edge in controller.brings(each)]
    count = 1
    for versions in ways.values():
        count *= len(versions)
    if count > limit:
        return None
    return (
        {plugin: version for plugin, version in zip(ways, picked, strict=True) if version}
        for picked in product(*ways.values())
    )


def would_do(controller: Controller, wishes: tuple[Wish, ...], found: Found) -> bool:
    """Say whether a set loads, meets the wishes, and lacks nothing that is to be installed."""
    if any(complaints(controller, wishes, found)):
        return False
    return reached(controller, wishes, found) <= found.keys()
