"""Quoting for Dockerfiles."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.image.plan import plan
from builder.image.template import paths, quoted
from tests.unit.image.material import formula, lock


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


def test_the_page_s_own_template_is_the_stock_one_and_a_run() -> None:
    page = (Path(__file__).parents[3] / "docs" / "template.md").read_text()
    own = page.partition("```dockerfile\n")[2].partition("```")[0]
    inputs = (("Dockerfile.template", own.encode()), ("casc/a.yaml", b"a"), ("a", b"a"))
    wished = formula(inputs=inputs, files=(("a", "/b/c"),))
    stock = replace(wished, inputs=wished.inputs[1:])
    written = plan(wished, lock("git")).dockerfile.splitlines()
    assert [line for line in written if not line.startswith(("RUN ", "    "))] == plan(
        stock, lock("git")
    ).dockerfile.splitlines()
