"""Quoting for Dockerfiles."""

import json

import pytest

from builder.image.template import paths, quoted


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("", '""'),
        ("a b", '"a b"'),
        ('a"b', '"a\\"b"'),
        ("$HOME", '"\\$HOME"'),
        ("a\\", '"a\\\\"'),
        ("'#'", "\"'#'\""),
        ("\u4e2d\t", '"\u4e2d\t"'),
    ],
)
def test_a_value_is_written_so_that_the_engine_reads_it_back(value: str, written: str) -> None:
    assert quoted(value) == written


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "\0", "\x1b", "\x85", "\u2028"])
def test_a_control_character_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        quoted(value)
    with pytest.raises(ValueError, match=r"^"):
        paths((value,))


def test_paths_are_json_with_variables_and_quotes_switched_off() -> None:
    assert json.loads(paths(("a b/", "/$x'\"\\"))) == ["a b/", "/\\$x\\'\\\"\\\\"]
