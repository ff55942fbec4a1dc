"""What is advised where there is no plugin set: near, sensible, and true."""

from random import Random

import pytest
from msgspec.structs import replace

from builder import advise
from builder.errors import DemandsConflict, UnknownPlugin
from builder.model.formula import Mode, Place, Wish
from builder.model.plugin import PluginId
from builder.model.refusal import Change, Move, Remedy
from builder.resolve import Question, Universe, settle
from builder.version import Version, older_than
from tests.fakes.catalogue import catalogue
from tests.fakes.every_set import EverySet
from tests.fakes.real_catalogues import NEEDS_REAL_DATA, draw_mixed, past
from tests.fakes.recheck import Controller
from tests.fakes.universe import wish


def _asked(wishes: str, *lines: str, core: str = "2.346.3") -> Question:
    universe = Universe(core=Version(core), catalogue=catalogue(*lines))
    wished = (wish(each) for each in wishes.split())
    placed = (
        replace(each, place=Place("formula.yaml", line, 1)) for line, each in enumerate(wished, 1)
    )
    return Question(universe=universe, wishes=tuple(placed))


def _changes(question: Question) -> tuple[Change, ...]:
    with pytest.raises(DemandsConflict) as caught:
        settle(question)
    return advise.changes(question, caught.value.clash)


def _spelled(change: Change) -> str:
    moves = (
        f"{each.remedy.value} {each.plugin or 'it'} {each.after or ''}" for each in change.moves
    )
    return " + ".join(each.strip() for each in moves)


def _advised(wishes: str, *lines: str, core: str = "2.346.3") -> list[str]:
    return [_spelled(each) for each in _changes(_asked(wishes, *lines, core=core))]


def test_a_pin_below_a_bound_is_raised_to_the_lowest_that_fits() -> None:
    lines = ("a:1 needs=c:2", "c:1", "c:2.1", "c:3", "c:4")
    assert _advised("a:1 c:1", *lines) == ["raise c 2.1", "drop a", "drop c"]


def test_a_pin_is_raised_past_what_the_core_does_not_take_and_what_is_early() -> None:
    lines = ("a:1 needs=c:2", "c:1", "c:2 core=2.361.1", "c:2.1-beta1", "c:2.2", "c:3")
    assert _advised("a:1 c:1", *lines)[0] == "raise c 2.2"


def test_the_other_end_is_lowered_to_the_highest_that_does_not_ask_for_so_much() -> None:
    lines = ("a:1", "a:2", "a:3 needs=c:2", "c:1", "c:2 core=2.361.1")
    assert _advised("a:3 c:1", *lines) == ["lower a 2", "drop a"]


def test_a_lower_bound_is_lowered_to_the_next_version_there_is() -> None:
    assert _advised("a:>=3", "a:1", "a:2") == ["lower a 2", "drop a"]


def test_the_latest_is_pinned_lower_where_the_site_offers_too_much() -> None:
    lines = ("a:1", "a:2", "a:3 core=2.400 offered")
    assert _advised("a:latest", *lines)[0] == "lower a 2"


def test_the_core_is_raised_to_the_lowest_that_fits_and_told_with_its_java() -> None:
    lines = ("a:1 core=2.479.1 needs=b:1", "b:1 core=2.462.3", "b:2 core=2.555.1")
    core, dropped = _changes(_asked("a:1", *lines))
    assert core.moves == (
        Move(
            remedy=Remedy.RAISE_CORE,
            plugin=None,
            before=Version("2.346.3"),
            after=Version("2.479.1"),
            place=None,
        ),
    )
    assert core.java == (17, 21)
    assert dropped.java == ()


def test_a_long_term_core_is_raised_to_the_next_of_its_kind_as_well() -> None:
    lines = ("a:1 core=2.357", "b:1", "b:2 core=2.358", "b:3 core=2.361.1", "b:4 core=2.375.1")
    assert _advised("a:1 b", *lines) == ["raise core it 2.357", "raise core it 2.361.1", "drop a"]
    assert _advised("a:1 b", *lines, core="2.350") == ["raise core it 2.357", "drop a"]


def test_a_core_that_does_not_help_is_not_named() -> None:
    lines = ("a:1 needs=c:2", "c:1", "c:2 core=2.361.1", "d:1 needs=gone:1")
    assert _advised("a:1 c:1", *lines) == ["drop a"]


def test_a_wish_that_can_be_moved_is_not_dropped_beside_one_that_cannot() -> None:
    lines = ("a:1 needs=x:2", "x:1", "x:2", "b:1 needs=y:2", "y:1")
    assert _advised("a:1 x:1 b:1 y:1", *lines) == ["drop b + raise x 2"]


def test_several_conflicts_are_lifted_by_as_few_moves_as_it_takes() -> None:
    lines = (
        "x:1",
        "x:2",
        *(f"{each}:1 needs=x:2" for each in "abcd"),
        "e:1 needs=y:2",
        "y:1",
        "y:2",
    )
    assert _advised("a b c d e x:1 y:1", *lines) == ["raise x 2 + raise y 2"]


def test_beside_a_newer_core_stands_what_would_do_on_this_one() -> None:
    lines = ("a:1 core=2.361.1", "b:1", "b:2 core=2.375.1", "c:1")
    assert _advised("a:1 b:2 c", *lines) == ["raise core it 2.375.1", "drop a + lower b 1"]


def test_a_cycle_is_left_by_the_nearest_version_outside_it() -> None:
    lines = ("a:1", "a:2 needs=b:1", "b:1 needs=a:1")
    assert _advised("a:2 b:1", *lines)[0] == "lower a 1"


@NEEDS_REAL_DATA
@pytest.mark.slow
def test_every_change_advised_on_real_refusals_gives_a_set() -> None:
    controller = Controller(core=Version("2.346.3"), java=11, catalogue=past())
    universe = Universe(core=controller.core, java=11, catalogue=past(), detached=controller.table)
    usable, random = sorted(past().ids()), Random(1)  # noqa: S311  # no secret
    told = 0
    with EverySet(controller) as every_set:
        while told < 5:
            wishes = draw_mixed(controller, usable, random)
            question = Question(universe=universe, wishes=wishes)
            if changes := _advice(question):
                told += 1
                for each in changes:
                    _hold(every_set, wishes, each)


def _advice(question: Question) -> tuple[Change, ...]:
    """Give what is advised, where it is refused; for every refusal there is something."""
    try:
        settle(question)
    except DemandsConflict as refused:
        clash = refused.clash
    except UnknownPlugin:
        return ()
    else:
        return ()
    changes = advise.changes(question, clash)
    assert changes, clash
    return changes


def _hold(every_set: EverySet, wishes: tuple[Wish, ...], change: Change) -> None:
    moves = {each.plugin: each.after for each in change.moves}
    changed = tuple(_moved(each, moves) for each in wishes)
    kept = tuple(each for each in changed if each)
    raised = next((each.after for each in change.moves if each.plugin is None), None)
    if raised is None:
        assert every_set.is_possible(kept), change
        return
    assert older_than(every_set.controller.core, raised)
    newer = Controller(core=raised, java=max(change.java or (11,)), catalogue=past())
    with EverySet(newer) as every_set_on_it:
        assert every_set_on_it.is_possible(kept), change


def _moved(wished: Wish, moves: dict[PluginId | None, Version | None]) -> Wish | None:
    if wished.plugin not in moves:
        return wished
    after = moves[wished.plugin]
    return replace(wished, version=after, mode=Mode.PINNED) if after else None
