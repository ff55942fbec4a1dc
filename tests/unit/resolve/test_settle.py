"""What is chosen out of a catalogue that lists many releases of each plugin."""

import pytest

from builder.errors import DemandsConflict, UnknownPlugin
from builder.model.formula import Dependencies, Implied, Policy
from builder.model.lock import PinKind
from builder.model.plugin import PluginId
from builder.resolve import Question, Universe, Unread, settle
from builder.resolve.detached import NOTHING, of_core
from builder.version import Version
from tests.fakes.catalogue import catalogue
from tests.fakes.universe import settled, spelled, wish


def _asked(
    wishes: str,
    *lines: str,
    core: str = "2.2",
    java: int | None = None,
    policy: Policy | None = None,
    implied: bool = False,
) -> Question:
    universe = Universe(
        core=Version(core),
        java=java,
        catalogue=catalogue(*lines),
        detached=of_core(Version(core), java) if implied else NOTHING,
    )
    wished = tuple(wish(each) for each in wishes.split())
    return Question(universe=universe, wishes=wished, policy=policy or Policy())


_LOWEST = Policy(dependencies=Dependencies.LOWEST)
_LATEST = Policy(dependencies=Dependencies.LATEST)
_GIT = ("git:1", "git:1.9 core=2.1", "git:1.10 core=2.2 offered", "git:2 core=2.3", "git:3-beta1")


@pytest.mark.parametrize(
    ("wished", "found"),
    [
        ("git", "git:1.10"),
        ("git:1.9", "git:1.9"),
        ("git:>=1.2", "git:1.10"),
        ("git:3-beta1", "git:3-beta1"),
    ],
)
def test_a_mode_picks_its_release(wished: str, found: str) -> None:
    assert settled(_asked(wished, *_GIT)) == found


def test_an_experimental_wish_takes_early_versions_too() -> None:
    assert settled(_asked("git:experimental", *_GIT)) == "git:3-beta1"


def test_the_newest_is_the_newest_that_this_java_takes_too() -> None:
    lines = ("git:1 java=8", "git:2 java=11")
    assert settled(_asked("git", *lines, core="2.222.4", java=8)) == "git:1"
    assert settled(_asked("git", *lines, core="2.222.4", java=11)) == "git:2"
    assert settled(_asked("git", *lines, core="2.361.1", java=8)) == "git:2"  # no longer read


def test_the_latest_is_what_the_site_offers_whatever_else_there_is() -> None:
    assert settled(_asked("git:latest", "git:1 offered", "git:2")) == "git:1"


def test_the_latest_is_refused_where_the_core_does_not_take_it() -> None:
    with pytest.raises(DemandsConflict) as caught:
        settle(_asked("git:latest", "git:1", "git:2 core=2.3"))
    newer = caught.value.clash.newer_core
    assert newer is not None
    assert (newer.version, newer.needs) == ("2", "2.3")


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (Policy(), "a:1 b:1.9"),
        (_LOWEST, "a:1 b:1.2"),
        (_LATEST, "a:1 b:1.5"),
    ],
)
def test_a_dependency_is_picked_by_the_policy(policy: Policy, found: str) -> None:
    lines = ("a:1 needs=b:1.1", "b:1", "b:1.2", "b:1.5 offered", "b:1.9")
    assert settled(_asked("a", *lines, policy=policy)) == found


def test_an_early_version_is_taken_only_where_no_other_would_do() -> None:
    lines = ("a:1 needs=b:1", "b:1", "b:2-beta1", "b:1.5 offered")
    assert settled(_asked("a", *lines)) == "a:1 b:1.5"
    assert settled(_asked("a:1", "a:1 needs=b:2-alpha1", *lines[1:])) == "a:1 b:2-beta1"


def test_a_newest_dependency_that_asks_too_much_makes_room_for_an_older_one() -> None:
    lines = ("a:1 needs=b:1", "a:2 needs=b:2", "b:1", "b:2 needs=a:2")
    assert settled(_asked("a:1", *lines)) == "a:1 b:1"


def test_a_wish_for_the_newest_makes_room_for_an_optional_bound() -> None:
    lines = ("a:1", "c:1", "c:1.9 needs=a:1.9;optional")
    assert settled(_asked("a c", *lines)) == "a:1 c:1"


def test_what_was_ruled_out_too_soon_comes_back() -> None:
    lines = (
        "p:1",
        "p:2 needs=t:2;optional",
        "q:1",
        "q:2 needs=t:1,u:9;optional",
        "t:1",
        "u:1",
    )
    assert settled(_asked("p q u", *lines)) == "p:2 q:1 u:1"


def test_what_an_abandoned_version_forced_up_comes_down_again() -> None:
    lines = (
        "a:1 needs=b:1",
        "b:1 needs=c:5",
        "b:2 needs=c:1",
        "c:1",
        "c:5",
        "d:1 needs=e:1",
        "e:1 needs=b:2",
    )
    assert settled(_asked("a:1 d:1", *lines, policy=_LOWEST)) == "a:1 b:2 c:1 d:1 e:1"


def test_two_that_need_each_other_are_not_chosen_where_others_would_do() -> None:
    lines = ("a:1 needs=c:1", "c:1", "c:2 needs=a:1")
    assert settled(_asked("a", *lines)) == "a:1 c:1"


def test_two_that_cannot_but_need_each_other_are_refused_with_their_cycle() -> None:
    with pytest.raises(DemandsConflict) as caught:
        settle(_asked("a", "a:1 needs=c:1", "c:1 needs=a:1"))
    assert caught.value.clash.cycle == ("a", "c")


def test_what_has_left_the_core_is_installed_for_those_who_knew_it_there() -> None:
    lines = ("old:1 core=1.500", "new:1 core=2.346", "junit:1.5 core=1.580", "sshd:4 core=2.300")
    answer = settle(_asked("old new", *lines, core="2.346.3", implied=True))
    assert not isinstance(answer, Unread)
    assert spelled(answer) == "junit:1.5 new:1 old:1 sshd:4"
    assert [each.kind for each in answer.choices][:2] == [PinKind.IMPLIED, PinKind.WISH]


def test_what_has_left_the_core_is_left_out_where_the_policy_says_so() -> None:
    lines = ("old:1 core=1.500", "junit:1.5 core=2.300")
    skip = Policy(implied=Implied.SKIP)
    assert settled(_asked("old", *lines, core="2.346.3", implied=True, policy=skip)) == "old:1"


def test_an_implied_plugin_that_is_there_anyway_must_not_be_too_old() -> None:
    lines = ("old:1 core=1.500", "junit:0.9 core=2.300", "junit:1.1 core=2.300")
    skip = Policy(implied=Implied.SKIP)
    asked = _asked("old junit:0.9", *lines, core="2.346.3", implied=True, policy=skip)
    with pytest.raises(DemandsConflict):
        settle(asked)


def test_an_implied_plugin_that_nothing_offers_is_no_failure() -> None:
    assert settled(_asked("old", "old:1 core=1.500", core="2.346.3", implied=True)) == "old:1"


def test_a_required_plugin_that_nothing_offers_is_named_with_the_whole_way() -> None:
    with pytest.raises(UnknownPlugin) as caught:
        settle(_asked("a", "a:1 needs=b:1", "b:1 needs=gone:1"))
    assert caught.value.chain == ("a", "b", "gone")


def test_a_pin_that_no_index_lists_is_to_be_read_where_the_site_would_have_it() -> None:
    answer = settle(_asked("git:1.7", *_GIT))
    assert isinstance(answer, Unread)
    ((plugin, version, where),) = answer.releases
    assert (plugin, version, str(where)) == (PluginId("git"), "1.7", "plugins/git/1.7/git.hpi")


def test_a_snapshot_is_never_too_old() -> None:
    lines = ("a:1 needs=b:2", "b:1-SNAPSHOT", "b:2")
    assert settled(_asked("a b:1-SNAPSHOT", *lines)) == "a:1 b:1-SNAPSHOT"
