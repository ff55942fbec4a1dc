"""Laws of the resolution over universes small enough to try every set there is."""

from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from builder import advise
from builder.errors import DemandsConflict, ResolutionError
from builder.model.formula import Dependencies
from builder.model.lock import PinKind, Resolution
from builder.model.plugin import DependencyKind, PluginId, Release
from builder.model.refusal import Remedy
from builder.resolve import Question, settle
from builder.version import older_than
from tests.fakes.small_worlds import (
    ANY_CORE,
    SmallWorld,
    answer,
    loads,
    meets_wish,
    possible_sets,
    small_worlds,
)
from tests.fakes.universe import spelled


def _releases(found: Resolution) -> Mapping[PluginId, Release]:
    return {each.release.plugin: each.release for each in found.choices}


@given(small_worlds())
def test_every_answer_loads_and_meets_every_wish(world: SmallWorld) -> None:
    question = world.question()
    found = answer(question)
    if found:
        releases = _releases(found)
        assert loads(question, tuple(releases.values()))
        assert all(meets_wish(releases.get(each.plugin), each) for each in question.wishes)


@given(small_worlds())
def test_it_refuses_exactly_where_no_set_at_all_would_do(world: SmallWorld) -> None:
    question = world.question()
    assert (answer(question) is None) == (next(possible_sets(question), None) is None)


@given(small_worlds())
def test_no_plugin_of_an_answer_could_be_left_out(world: SmallWorld) -> None:
    question = world.question()
    found = answer(question)
    if found:
        reached = {each.plugin for each in question.wishes}
        releases = _releases(found)
        for _ in releases:  # as many steps as the longest way could have
            edges = [edge for each in reached for edge in releases[each].dependencies]
            reached |= {e.plugin for e in edges if e.kind is DependencyKind.REQUIRED}
        assert reached == releases.keys()


@given(small_worlds())
def test_no_single_plugin_could_be_better(world: SmallWorld) -> None:
    question = world.question()
    found = answer(question)
    releases = _releases(found) if found else {}
    wished = {each.plugin: each for each in question.wishes}
    for plugin, release in releases.items():
        for other in question.universe.listed(plugin):
            lowest = world.dependencies is Dependencies.LOWEST and (
                plugin not in wished or wished[plugin].version is not None
            )
            better = older_than(release.version, other.version) is not lowest
            allowed = plugin not in wished or meets_wish(other, wished[plugin])
            if other != release and better and allowed:
                changed = {**releases, plugin: other}
                assert not loads(question, tuple(changed.values())), (release, other)


@given(small_worlds(), st.integers(0, 999))
def test_the_order_of_the_input_cannot_show(world: SmallWorld, seed: int) -> None:
    releases, wishes = list(world.releases), list(world.wishes)
    Random(seed).shuffle(releases)  # noqa: S311  # no secret
    Random(seed).shuffle(wishes)  # noqa: S311  # no secret
    turned = replace(world, releases=tuple(releases), wishes=tuple(wishes))
    assert _told(world.question()) == _told(turned.question())


def _told(question: Question) -> object:
    try:
        return settle(question)
    except ResolutionError as refused:
        return str(refused)


@given(small_worlds())
def test_resolving_an_answer_again_changes_nothing(world: SmallWorld) -> None:
    found = answer(world.question())
    if found:
        again = answer(replace(world, wishes=tuple(spelled(found).split())).question())
        assert again is not None
        assert spelled(again) == spelled(found)


@given(small_worlds())
def test_what_is_locked_stays(world: SmallWorld) -> None:
    found = answer(world.question())
    if found:
        for other in Dependencies:
            question = replace(world, dependencies=other).question()
            kept = tuple((each.release.plugin, each.release.version) for each in found.choices)
            assert answer(replace(question, kept=kept)) == found


@given(small_worlds())
def test_every_reason_is_an_edge_or_a_wish(world: SmallWorld) -> None:
    question = world.question()
    found = answer(question)
    releases = _releases(found) if found else {}
    for choice in found.choices if found else ():
        assert choice.why
        for reason in choice.why:
            if reason.demander is None:
                assert choice.kind is PinKind.WISH
            else:
                edges = releases[reason.demander].dependencies
                asked = [(e.minimum, e.kind) for e in edges if e.plugin == choice.release.plugin]
                assert (reason.minimum, reason.kind) in asked


@given(small_worlds())
def test_a_refusal_shows_demands_none_of_which_could_be_left_out(world: SmallWorld) -> None:
    try:
        settle(world.question())
    except DemandsConflict as refused:
        shown = [each.plugin for each in refused.clash.demands if each.plugin]
        core = any(each.plugin is None for each in refused.clash.demands)
        narrow = replace(
            world,
            wishes=tuple(each for each in world.wishes if each.partition(":")[0] in shown),
            core=world.core if core else ANY_CORE,
        )
        assert not _is_possible(narrow)
        assert all(_is_possible(narrow.without(wish_of=each)) for each in shown)
        assert not core or _is_possible(replace(narrow, core=ANY_CORE))
    except ResolutionError:
        pass


def _is_possible(world: SmallWorld) -> bool:
    return next(possible_sets(world.question()), None) is not None


@given(small_worlds())
def test_every_change_that_is_advised_gives_a_set(world: SmallWorld) -> None:
    question = world.question()
    try:
        settle(question)
    except DemandsConflict as refused:
        for change in advise.changes(question, refused.clash):
            changed = world
            for move in change.moves:
                if move.remedy is Remedy.RAISE_CORE:
                    assert move.after
                    changed = replace(changed, core=move.after)
                else:
                    changed = changed.without(wish_of=str(move.plugin))
                    if move.after:
                        wishes = (*changed.wishes, f"{move.plugin}:{move.after}")
                        changed = replace(changed, wishes=wishes)
            assert _is_possible(changed)
    except ResolutionError:
        pass
