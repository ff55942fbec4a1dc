"""What a person reads where demands cannot stand together."""

import dataclasses

import pytest
from msgspec.structs import replace

from builder import advise
from builder.cli.show_refusal import refusal_facts, refusal_lines
from builder.errors import DemandsConflict
from builder.model.formula import Mode
from builder.resolve import Question, Universe, settle
from builder.resolve.detached import NOTHING, of_core
from builder.version import Version
from tests.fakes.catalogue import catalogue
from tests.fakes.universe import wish

_AT = "formula.yaml:1:1"


def _refused(
    wishes: str, *lines: str, core: str = "2.346.3", implied: bool = False, mode: Mode | None = None
) -> DemandsConflict:
    universe = Universe(
        core=Version(core),
        catalogue=catalogue(*lines),
        detached=of_core(Version(core), None) if implied else NOTHING,
    )
    wished = tuple(wish(each) for each in wishes.split())
    if mode:
        wished = tuple(replace(each, mode=mode) for each in wished)
    question = Question(universe=universe, wishes=wished)
    with pytest.raises(DemandsConflict) as caught:
        settle(question)
    conflict = caught.value
    return dataclasses.replace(conflict, changes=advise.changes(question, conflict.clash))


def _said(error: DemandsConflict) -> list[str]:
    return [f"{label}: {text}" for label, text in refusal_lines(error)]


def test_a_pin_below_a_bound_is_told_with_the_way_to_it_and_the_ways_out() -> None:
    lines = ("a:1 needs=b:1", "b:1 needs=c:2", "c:1", "c:2.1", "c:3")
    assert _said(_refused("a:1 c:1", *lines)) == [
        f"{_AT}: a 1 needs b 1 or newer; b 1 needs c 2 or newer",
        f"{_AT}: asks for c 1 and no other",
        f"would do: raise c from 1 to 2.1 ({_AT})",
        f"would do: leave a out ({_AT})",
        f"would do: leave c out ({_AT})",
    ]


def test_an_optional_bound_is_told_as_one() -> None:
    lines = ("a:1 needs=c:2;optional", "c:1", "c:2")
    assert _said(_refused("a:1 c:1", *lines))[0] == f"{_AT}: a 1 takes no c older than 2"


def test_a_core_too_old_is_told_with_the_one_that_would_do_and_its_java() -> None:
    assert _said(_refused("a:2", "a:1", "a:2 core=2.479.1")) == [
        f"{_AT}: asks for a 2 and no other",
        "core: is 2.346.3, and a 2, which would do, needs 2.479.1",
        f"would do: lower a from 2 to 1 ({_AT})",
        "would do: raise the core from 2.346.3 to 2.479.1, which runs on Java 17 or 21",
        f"would do: leave a out ({_AT})",
    ]


def test_a_core_that_nothing_would_help_is_told_without() -> None:
    lines = ("a:1 needs=b:2", "b:1", "b:2 needs=c:2", "c:1", "c:2 core=2.361.1")
    assert "core: is 2.346.3, and c 2, which would do, needs 2.361.1" in _said(
        _refused("a", *lines)
    )


def test_what_has_left_the_core_is_told_in_so_many_words() -> None:
    lines = ("old:1 core=2.300", "javax-mail-api:1.6.2-5 core=2.300", "javax-mail-api:1.6.2-1")
    said = _said(_refused("old javax-mail-api:1.6.2-1", *lines, implied=True))
    assert said[0] == (f"{_AT}: asks for javax-mail-api 1.6.2-1 and no other")
    assert said[1] == (
        f"{_AT}: old 1 (newest) was built for a core that still had what is now javax-mail-api, "
        "and needs 1.6.2-5 or newer of it"
    )


def test_a_lower_bound_that_nothing_reaches_is_told_as_one() -> None:
    said = _said(_refused("a:>=3", "a:1", "a:2"))
    assert said[:2] == [f"{_AT}: asks for a 3 or newer", f"would do: lower a from 3 to 2 ({_AT})"]


@pytest.mark.parametrize(
    ("mode", "offer"), [(Mode.NEWEST, ""), (Mode.LATEST, "offered"), (Mode.EXPERIMENTAL, "")]
)
def test_a_wish_without_a_version_is_told_with_its_mode(mode: Mode, offer: str) -> None:
    said = _said(_refused("a", f"a:1 core=2.361.1 {offer}", mode=mode))
    assert said[0].startswith(f"{_AT}: asks for a ({mode.value})")


def test_changes_that_help_only_together_are_told_as_such() -> None:
    lines = ("a:1 needs=x:2", "x:1", "x:2", "b:1 needs=y:2", "y:1", "y:2")
    assert _said(_refused("a:1 x:1 b:1 y:1", *lines))[-1] == (
        f"would do: all of these: raise x from 1 to 2 ({_AT}); raise y from 1 to 2 ({_AT})"
    )


def test_plugins_that_need_each_other_are_told_in_a_ring() -> None:
    said = _said(_refused("a", "a:1 needs=c:1", "c:1 needs=a:1"))
    assert "cycle: a -> c -> a" in said


def test_the_facts_for_machines_name_each_change_with_its_java() -> None:
    facts = refusal_facts(_refused("a:2", "a:1", "a:2 core=2.479.1"))
    changes = facts["changes"]
    assert isinstance(changes, list)
    assert [(each["moves"][0]["remedy"], each["java"]) for each in changes] == [
        ("lower", []),
        ("raise core", [17, 21]),
        ("drop", []),
    ]
