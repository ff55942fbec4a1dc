"""Which demands a refusal shows, and how it leads from each to where they meet."""

import pytest

from builder.errors import DemandsConflict
from builder.model.refusal import Clash
from builder.resolve import Question, Universe, rounds, settle
from builder.resolve.cycles import cycle_of
from builder.version import Version
from tests.fakes.catalogue import catalogue
from tests.fakes.universe import wish


def _clash(wishes: str, *lines: str) -> Clash:
    universe = Universe(core=Version("2.2"), catalogue=catalogue(*lines))
    wished = tuple(wish(each) for each in wishes.split())
    with pytest.raises(DemandsConflict) as caught:
        settle(Question(universe=universe, wishes=wished))
    return caught.value.clash


def _ways(clash: Clash) -> list[str]:
    return [
        " ".join(f"{step.plugin}:{step.version}>{step.asks}:{step.minimum}" for step in each.chain)
        for each in clash.demands
    ]


def test_the_demands_meet_at_what_asks_for_the_least() -> None:
    lines = ("a:1 needs=b:1", "b:1 needs=c:2", "b:2 needs=c:3", "c:1", "c:2", "c:3")
    clash = _clash("a:1 c:1 d", *lines, "d:1")
    assert clash.plugin == "c"
    assert [each.plugin for each in clash.demands] == ["a", "c"]
    assert _ways(clash) == ["a:1>b:1 b:1>c:2", ""]


def test_a_wish_that_nothing_could_meet_is_shown_alone_with_the_whole_way() -> None:
    lines = ("a:1 needs=c:2", "b:1 needs=d:1", "d:1 needs=c:1", "c:1", "c:2 needs=e:2", "e:1")
    clash = _clash("a:1 b:1 e:1", *lines)
    assert [each.plugin for each in clash.demands] == ["a"]
    assert _ways(clash) == ["a:1>c:2 c:2>e:2"]


def test_a_core_too_old_is_a_demand_with_the_least_core_that_would_do() -> None:
    lines = ("a:1 needs=b:2", "b:1", "b:2 core=2.3", "b:3 core=2.4")
    clash = _clash("a", *lines)
    assert [each.plugin for each in clash.demands] == ["a", None]
    assert clash.newer_core
    assert (clash.newer_core.version, clash.newer_core.needs) == ("2", "2.3")


def test_a_ring_is_left_by_the_rounds_themselves_where_another_version_is_outside_it() -> None:
    lines = ("a:1 needs=c:1", "c:1", "c:2 needs=a:1", "d:1 needs=a:1")
    universe = Universe(core=Version("2.2"), catalogue=catalogue(*lines))
    asked = Question(universe=universe, wishes=(wish("a"), wish("d")))
    found = rounds.run(asked)
    assert isinstance(found, dict)
    assert {plugin: each.version for plugin, each in found.items()} == {
        "a": "1",
        "c": "1",
        "d": "1",
    }
    assert cycle_of(found) == ()


def test_who_asks_for_what_nothing_meets_is_to_blame_and_no_bystander() -> None:
    lines = ("git:1", "git:2 needs=m:9;optional", "m:1", "m:9 core=2.9")
    others = ("y:1 needs=z:1", "z:1 needs=m:1", "z:2 needs=m:1")
    universe = Universe(core=Version("2.2"), catalogue=catalogue(*lines, *others))
    found = rounds.run(Question(universe=universe, wishes=(wish("git"), wish("y"))), bans=1)
    assert isinstance(found, dict), found
    assert [each.version for each in found.values()] == ["1", "1", "1", "2"]
