"""What the rounds choose, and what they refuse."""

import pytest

from builder.errors import DemandsConflict, UnknownPlugin
from builder.model.lock import PinKind
from builder.resolve import Unread, settle
from tests.fakes.universe import question, release, settled


def test_a_mandatory_dependency_comes_in_at_the_version_it_is_asked_for() -> None:
    releases = (release("a:1", "b:2"), release("b:2"))
    assert settled(question("a:1", releases)) == "a:1 b:2"


def test_an_optional_dependency_never_adds_a_plugin() -> None:
    releases = (release("a:1", "b:2;resolution:=optional"), release("b:2"))
    assert settled(question("a:1", releases)) == "a:1"


def test_an_optional_dependency_raises_a_plugin_that_is_there_anyway() -> None:
    releases = (
        release("a:1", "b:3;resolution:=optional"),
        release("c:1", "b:2"),
        release("b:2"),
        release("b:3"),
    )
    assert settled(question("a:1 c:1", releases)) == "a:1 b:3 c:1"


def test_the_highest_of_several_bounds_is_chosen() -> None:
    releases = (
        release("a:1", "c:1.9"),
        release("b:1", "c:1.10"),
        release("c:1.9"),
        release("c:1.10"),
    )
    assert settled(question("a:1 b:1", releases)) == "a:1 b:1 c:1.10"


def test_what_an_abandoned_version_brought_in_is_dropped() -> None:
    releases = (
        release("a:1", "b:1,c:1"),
        release("b:1", "old:1"),
        release("c:1", "b:2"),
        release("b:2"),
        release("old:1"),
    )
    assert settled(question("a:1", releases)) == "a:1 b:2 c:1"


def test_what_only_an_abandoned_version_asked_for_is_never_looked_for() -> None:
    releases = (
        release("a:1", "b:1"),
        release("b:1", "nowhere:1"),
        release("b:2"),
        release("d:1", "e:1"),
        release("e:1", "b:2"),
    )
    assert settled(question("a:1 d:1", releases)) == "a:1 b:2 d:1 e:1"


def test_what_an_abandoned_version_forced_up_comes_down_again() -> None:
    releases = (
        release("a:1", "b:1"),
        release("b:1", "c:5"),
        release("b:2", "c:1"),
        release("c:1"),
        release("c:5", core="9"),
        release("d:1", "e:1"),
        release("e:1", "b:2"),
    )
    assert settled(question("a:1 d:1", releases)) == "a:1 b:2 c:1 d:1 e:1"


def test_a_locked_version_stays_where_every_bound_allows_it() -> None:
    releases = (release("a:1", "b:1"), release("b:1"), release("b:1.5"))
    assert settled(question("a:1", releases, kept=(("b", "1.5"),))) == "a:1 b:1.5"


def test_a_locked_version_goes_where_a_bound_forces_it() -> None:
    releases = (release("a:1", "b:2"), release("b:1.5"), release("b:2"))
    assert settled(question("a:1", releases, kept=(("b", "1.5"),))) == "a:1 b:2"


def test_a_wish_goes_before_a_locked_version() -> None:
    releases = (release("a:1"), release("a:2"))
    assert settled(question("a:1", releases, kept=(("a", "2"),))) == "a:1"


def test_releases_nobody_has_read_are_asked_for_all_at_once() -> None:
    releases = (release("a:1", "b:2,c:3"),)
    known = question("a:1", (*releases, release("b:9"), release("c:9")))
    answer = settle(known)
    assert isinstance(answer, Unread)
    assert [str(where) for _, _, where in answer.releases] == ["org.example:b:2", "org.example:c:3"]


def test_a_dependency_that_nothing_publishes_is_named_with_its_demander() -> None:
    with pytest.raises(UnknownPlugin) as caught:
        settle(question("a:1", (release("a:1", "nowhere:1"),)))
    assert caught.value.chain == ("a", "nowhere")
    assert caught.value.place is not None


def test_an_unknown_wish_is_named_with_its_nearest_neighbours() -> None:
    with pytest.raises(UnknownPlugin) as caught:
        settle(question("mailr", (release("mailer:1"),)))
    assert caught.value.near == ("mailer",)


def test_a_wish_below_a_bound_is_refused_with_the_chain_that_asks_for_more() -> None:
    releases = (release("a:1", "b:1"), release("b:1", "c:2"), release("c:1"))
    with pytest.raises(DemandsConflict) as caught:
        settle(question("a:1 c:1 d:1", (*releases, release("d:1"))))
    clash = caught.value.clash
    assert clash.plugin == "c"
    assert [each.plugin for each in clash.demands] == ["a", "c"]
    steps = [(step.plugin, step.asks, step.minimum) for step in clash.demands[0].chain]
    assert steps == [("a", "b", "1"), ("b", "c", "2")]


def test_a_wish_below_an_optional_bound_is_refused_too() -> None:
    releases = (release("a:1", "c:2;resolution:=optional"), release("c:1"))
    with pytest.raises(DemandsConflict):
        settle(question("a:1 c:1", releases))


def test_a_plugin_that_needs_a_newer_core_is_refused_with_its_chain() -> None:
    releases = (release("a:1", "b:1"), release("b:1", core="2.1"))
    with pytest.raises(DemandsConflict) as caught:
        settle(question("a:1", releases))
    clash = caught.value.clash
    assert [each.plugin for each in clash.demands] == ["a", None]
    assert [step.asks for step in clash.demands[0].chain] == ["b"]


def test_every_choice_says_who_asked_for_it() -> None:
    releases = (release("a:1", "c:1"), release("b:1", "c:1"), release("c:1"))
    answer = settle(question("a:1 b:1", releases))
    assert not isinstance(answer, Unread)
    last = answer.choices[-1]
    assert last.kind is PinKind.REQUIRED
    assert [each.demander for each in last.why] == ["a", "b"]
