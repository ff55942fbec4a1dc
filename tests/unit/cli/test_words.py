"""Every failure has words and a code; codes are interface."""

import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from builder import errors
from builder.cli.templates import TEMPLATES
from builder.cli.words import CODE_BY_FAMILY, exit_code, facts_of, words
from builder.errors import JbuildError
from builder.model.formula import Place, Problem
from builder.model.plugin import PluginId
from builder.version import Version

_FAMILIES = {family for family, _ in CODE_BY_FAMILY}


def _leaves(parent: type[JbuildError] = JbuildError) -> Iterator[type[JbuildError]]:
    children = parent.__subclasses__()
    for child in children:
        yield from _leaves(child)
    if not children:
        yield parent


def test_codes_never_change() -> None:
    assert [(family.__name__, code) for family, code in CODE_BY_FAMILY] == [
        ("CheckFailed", 1),
        ("FormulaError", 3),
        ("ResolutionError", 4),
        ("LockError", 5),
        ("SourceError", 6),
        ("IntegrityError", 7),
        ("EngineError", 8),
        ("PublishError", 9),
        ("SettingsError", 10),
        ("Terminated", 143),
    ]


@pytest.mark.parametrize("error", tuple(_leaves()), ids=lambda each: each.__name__)
def test_every_error_has_a_family_and_words(error: type[JbuildError]) -> None:
    assert any(issubclass(error, family) for family in _FAMILIES)
    template = TEMPLATES[error]
    names = {each.name for each in fields(error)}
    texts = f"{template.title} {template.hint or ''}"
    used = {name for _, name, _, _ in string.Formatter().parse(texts) if name}
    used |= {name for _, name in template.facts}
    used |= {template.each[1]} if template.each else set()
    assert used <= names
    assert not template.title.endswith(".")


def test_a_message_lists_facts_and_leaves_empty_ones_out() -> None:
    error = errors.UnknownPlugin(
        plugin=PluginId("c"),
        chain=(PluginId("a"), PluginId("c")),
        place=Place("formula.yaml", 7, 5),
        near=(),
    )
    said = words(error)
    assert said.title == "nothing says where the plugin c is published"
    assert said.facts == (("at", "formula.yaml:7:5"), ("chain", "a -> c"))
    assert exit_code(error) == 4


def test_all_problems_of_a_formula_are_told_with_their_places() -> None:
    problems = (
        Problem(place=Place("f.yaml", 1, 2), path="war", found="a list", wanted="a map"),
        Problem(place=Place("f.yaml", 3, 4), path="", found="a tab", wanted="blanks"),
    )
    assert words(errors.FormulaInvalid(problems=problems)).facts == (
        ("f.yaml:1:2", "war: found a list, wanted a map"),
        ("f.yaml:3:4", "found a tab, wanted blanks"),
    )


@pytest.mark.parametrize(("number", "code"), [(15, 143), (1, 129)])
def test_a_signal_that_ends_us_is_the_exit_code(number: int, code: int) -> None:
    assert exit_code(errors.Terminated(signal=number)) == code


def test_facts_for_machines_are_plain() -> None:
    error = errors.LockStale(path=Path("formula.lock.json"), changed=("war: 2",))
    assert facts_of(error) == {"path": "formula.lock.json", "changed": ["war: 2"]}


def test_an_error_lists_its_facts_in_a_log() -> None:
    error = errors.CoreTooOld(
        plugin=PluginId("a"),
        version=Version("1"),
        needs=Version("3"),
        core=Version("2"),
        chain=(PluginId("a"),),
        place=None,
    )
    assert "needs='3'" in str(error)
