"""Laws of the resolution over real catalogues: rules and search are written anew in tests/fakes.

Every single plugin is asked for, and sets of one to sixty. ``JBUILD_REAL_SETS=1000`` draws as many
sets for each core as issue 5 asks for; the few that are drawn otherwise take a minute.
"""

import os
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from random import Random

import pytest

from builder.errors import DemandsConflict, ResolutionError
from builder.model.formula import Dependencies, Mode, Policy, Wish
from builder.model.lock import Resolution
from builder.model.plugin import PluginId
from builder.resolve import Question, Universe, Unread, settle
from builder.version import Version, older_than
from tests.fakes.every_set import EverySet, small_sets, would_do
from tests.fakes.real_catalogues import (
    NEEDS_REAL_DATA,
    draw_mixed,
    draw_newest,
    past,
    today,
    wished,
)
from tests.fakes.recheck import Controller, complaints, found_in, reached

pytestmark = [pytest.mark.slow, NEEDS_REAL_DATA]

_SETS = int(os.environ.get("JBUILD_REAL_SETS", "40"))
_OLD_CORES = ("2.222.4", "2.319.1", "2.346.3", "2.426.3")
_SMALL = 3000  # so many sets are tried one by one
_LOWEST = Policy(dependencies=Dependencies.LOWEST)
_EARLY = re.compile("alpha|beta|snapshot", re.IGNORECASE)
_Draw = Callable[[Controller, list[PluginId], Random], tuple[Wish, ...]]


class World:
    """One controller as the resolver sees it, and as the judges of this file do."""

    def __init__(self, core: str) -> None:
        newest = core == "2.578"
        java = 21 if newest else 11
        catalogue = today() if newest else past()
        self.controller = Controller(core=Version(core), java=java, catalogue=catalogue)
        self._universe = Universe(
            core=Version(core), java=java, catalogue=catalogue, detached=self.controller.table
        )
        self.every_set = EverySet(self.controller)

    @cached_property
    def single(self) -> dict[PluginId, Resolution | ResolutionError]:
        """What asking for each plugin alone brings; none of it has been held against anything."""
        ids = sorted(self.controller.catalogue.ids())
        return {each: self.ask((wished(each),), Policy()) for each in ids}

    @cached_property
    def usable(self) -> list[PluginId]:
        return [each for each, answer in self.single.items() if isinstance(answer, Resolution)]

    def ask(self, wishes: tuple[Wish, ...], policy: Policy) -> Resolution | ResolutionError:
        question = Question(universe=self._universe, wishes=wishes, policy=policy)
        try:
            answer = settle(question)
        except ResolutionError as refused:
            return refused
        assert not isinstance(answer, Unread), answer
        return answer

    def hold(self, wishes: tuple[Wish, ...], policy: Policy) -> Resolution | None:
        """Ask, and hold whatever the answer is against judges of another make."""
        return self.judge(wishes, self.ask(wishes, policy))

    def judge(
        self, wishes: tuple[Wish, ...], answer: Resolution | ResolutionError
    ) -> Resolution | None:
        if isinstance(answer, Resolution):
            self._accept(wishes, answer)
            return answer
        self._believe(wishes, answer)
        return None

    def _accept(self, wishes: tuple[Wish, ...], answer: Resolution) -> None:
        found = found_in(answer)
        assert list(complaints(self.controller, wishes, found)) == []
        assert reached(self.controller, wishes, found) == found.keys()

    def find_none_better(
        self, wishes: tuple[Wish, ...], answer: Resolution, policy: Policy, random: Random
    ) -> None:
        """Look at a few plugins: none could have a version liked better, the others as they are."""
        found = found_in(answer)
        wished_modes = {each.plugin: each.mode for each in wishes}
        for plugin in random.sample(sorted(found), min(3, len(found))):
            mode = wished_modes.get(plugin)
            lowest = policy == _LOWEST and mode in {None, Mode.AT_LEAST}
            for other in self.controller.releases(plugin):
                if older_than(found[plugin], other) is not lowest and not _EARLY.search(other):
                    changed = {**found, plugin: other}
                    equal = other == found[plugin]
                    assert equal or not would_do(self.controller, wishes, changed), (plugin, other)

    def _believe(self, wishes: tuple[Wish, ...], refused: ResolutionError) -> None:
        assert not self.every_set.is_possible(wishes), refused
        every = small_sets(self.controller, wishes, limit=_SMALL)
        assert not any(would_do(self.controller, wishes, each) for each in every or ()), refused
        if isinstance(refused, DemandsConflict):
            self._find_irreducible(wishes, refused)

    def _find_irreducible(self, wishes: tuple[Wish, ...], refused: DemandsConflict) -> None:
        demands = refused.clash.demands
        shown = tuple(w for w in wishes if any(each.plugin == w.plugin for each in demands))
        core = any(each.plugin is None for each in demands)
        assert len(shown) + core == len(demands)
        assert not self.every_set.is_possible(shown, core=core), refused
        for left_out in shown:
            rest = tuple(each for each in shown if each != left_out)
            assert self.every_set.is_possible(rest, core=core), refused
        assert not core or self.every_set.is_possible(shown, core=False), refused


@pytest.fixture(scope="module", params=("2.578", *_OLD_CORES))
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(request.param)
    with made.every_set:
        yield made


def test_every_single_plugin_gets_a_set_that_loads_or_a_true_refusal(world: World) -> None:
    refused = [
        each for each, answer in world.single.items() if not world.judge((wished(each),), answer)
    ]
    assert len(refused) + len(world.usable) == len(world.single) > 2000


@pytest.mark.parametrize("policy", [Policy(), _LOWEST], ids=["newest", "lowest"])
@pytest.mark.parametrize("draw", [draw_newest, draw_mixed])
def test_every_set_of_plugins_gets_one_that_loads_or_a_true_refusal(
    world: World, policy: Policy, draw: _Draw
) -> None:
    random = Random(f"{world.controller.core} {draw.__name__}")  # noqa: S311  # no secret
    answers = 0
    for _ in range(_SETS):
        wishes = draw(world.controller, world.usable, random)
        answer = world.hold(wishes, policy)
        if answer:
            answers += 1
            shuffled = tuple(random.sample(wishes, len(wishes)))
            assert world.ask(shuffled, policy) == answer
            world.find_none_better(wishes, answer, policy, random)
            again = world.ask(_pinned(answer), policy)
            assert isinstance(again, Resolution)
            assert found_in(again) == found_in(answer)
    assert answers > _SETS / 2


def _pinned(answer: Resolution) -> tuple[Wish, ...]:
    found = found_in(answer)
    return tuple(wished(each, version, Mode.PINNED) for each, version in found.items())
