"""Which release of a plugin is taken first, where a wish, a lock and an index all speak."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from builder.errors import DemandsConflict, UnknownPlugin
from builder.model.catalogue import Listings
from builder.model.formula import Mode
from builder.model.plugin import Listing, PluginId
from builder.resolve import Question, Universe, Unread, settle
from builder.version import Version
from tests.fakes.catalogue import catalogue
from tests.fakes.universe import release, settled, wish

_B = ("b:1", "b:2 offered", "b:3-beta1")


def _asked(wishes: str, *lines: str, kept: str = "") -> Question:
    universe = Universe(core=Version("2.2"), catalogue=catalogue(*lines))
    pairs = (each.split(":") for each in kept.split())
    return Question(
        universe=universe,
        wishes=tuple(wish(each) for each in wishes.split()),
        kept=tuple((PluginId(plugin), Version(version)) for plugin, version in pairs),
    )


@pytest.mark.parametrize(
    ("wished", "found"),
    [
        ("b", "b:1"),
        ("b:>=1", "b:1"),
        ("b:latest", "b:1"),
        ("b:>=1.5", "b:2"),
        ("b:2", "b:2"),
        ("b:3-beta1", "b:3-beta1"),
    ],
)
def test_a_locked_version_stays_unless_the_wish_rules_it_out(wished: str, found: str) -> None:
    assert settled(_asked(wished, *_B, kept="b:1")) == found


def test_a_locked_version_makes_room_for_the_latest_where_a_bound_forces_it() -> None:
    asked = _asked("a b:latest", "a:1 needs=b:2", *_B, kept="b:1")
    assert settled(asked) == "a:1 b:2"


def test_a_locked_version_that_the_core_no_longer_takes_goes() -> None:
    assert settled(_asked("b", *_B, "b:2.5 core=2.3", kept="b:2.5")) == "b:2"


@pytest.mark.parametrize(("wished", "asked_for"), [("b:>=2", "2"), ("b:>=0.9", "1"), ("b", "1")])
def test_an_offer_counts_only_where_the_wish_allows_it(wished: str, asked_for: str) -> None:
    places = (Listing(plugin=PluginId("b"), group="org.example", offered=Version("1")),)
    universe = Universe(core=Version("2.2"), catalogue=Listings(listings=places))
    answer = settle(Question(universe=universe, wishes=(wish(wished),)))
    assert isinstance(answer, Unread)
    assert [version for _, version, _ in answer.releases] == [asked_for]


def test_a_lower_bound_on_a_snapshot_is_a_bound_all_the_same() -> None:
    lines = ("a:1", "a:2", "a:3 needs=c:2", "c:1")
    assert settled(_asked("a:>=2-SNAPSHOT c", *lines)) == "a:2 c:1"


def test_of_two_wishes_for_a_plugin_the_first_counts_in_whatever_order_they_come() -> None:
    first, second = wish("b:1"), wish("b:2")
    second = replace(second, place=replace(second.place, line=2))
    asked = _asked("", *_B)
    for wishes in permutations((first, second, second)):
        assert settled(replace(asked, wishes=wishes)) == "b:1"


def test_what_a_file_says_of_itself_goes_before_the_catalogue() -> None:
    asked = _asked("git x", "git:1 needs=a:1", "a:1", "b:1", "x:1 needs=a:2", "x:2 needs=git:1,a:2")
    own = release("git:1", "b:1")
    universe = Universe(core=Version("2.2"), catalogue=asked.universe.catalogue, read=(own,))
    read = replace(asked, universe=universe, wishes=asked.wishes[:1])
    assert settled(read) == "b:1 git:1"
    assert universe.listed(PluginId("git")) == (own,)


def test_an_id_in_other_letters_is_another_id_and_the_nearest_one() -> None:
    with pytest.raises(UnknownPlugin) as caught:
        settle(_asked("CVS", "cvs:1", "svn:1"))
    assert caught.value.near == ("cvs",)


def test_the_newest_of_the_experimental_site_is_taken_early_or_not() -> None:
    wished = replace(wish("b"), mode=Mode.EXPERIMENTAL)
    assert settled(replace(_asked("", *_B), wishes=(wished,))) == "b:3-beta1"


def test_a_core_too_old_for_the_experimental_site_is_one_of_the_demands() -> None:
    wished = replace(wish("b"), mode=Mode.EXPERIMENTAL)
    with pytest.raises(DemandsConflict) as caught:
        settle(replace(_asked("", "b:3-beta1 core=2.3"), wishes=(wished,)))
    assert [each.plugin for each in caught.value.clash.demands] == ["b", None]
    assert caught.value.clash.newer_core


def test_the_latest_of_a_plugin_that_is_offered_no_longer_is_the_newest_that_would_do() -> None:
    lines = ("a:1", "a:2 needs=c:2 withdrawn", "c:1")
    assert settled(_asked("a:latest c", *lines)) == "a:1 c:1"
