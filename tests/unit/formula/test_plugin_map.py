"""Lists of jenkins-plugin-cli in YAML: formats.md section 2.

plugin_maps.jsonl: a text, and all the problems it brings.
"""

import json
from pathlib import Path

import pytest

from builder.errors import FormulaInvalid
from builder.formula import plugin_list

URL = "https://h/a.hpi"
REFUSALS = [
    tuple(json.loads(line))
    for line in Path(__file__).with_name("plugin_maps.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{artifactId: a}", "newest None None None None"),
        ("{artifactId: a, groupId: , source: }", "newest None None None None"),
        ("{artifactId: a, source: {version: }}", "newest None None None None"),
        ("{artifactId: a, source: {version: latest}}", "latest None None None None"),
        ("{artifactId: a, source: {version: experimental}}", "experimental None None None None"),
        ("{artifactId: a, source: {version: 2.10}}", "pinned 2.10 None None None"),
        ("{artifactId: a, source: {version: 1_0}}", "pinned 1_0 None None None"),
        ("{artifactId: a, groupId: g, source: {version: 2.10}}", "pinned 2.10 g g:a:2.10 None"),
        (f"{{artifactId: a, source: {{url: '{URL}'}}}}", f"pinned None None Addressed() {URL}"),
        (
            f"{{artifactId: a, source: {{version: 1, url: '{URL}'}}}}",
            f"pinned 1 None Addressed() {URL}",
        ),
        (
            f"{{artifactId: a, groupId: g, source: {{url: '{URL}'}}}}",
            f"pinned None g Addressed() {URL}",
        ),
    ],
)
def test_each_form_of_an_entry_is_read(entry: str, expected: str) -> None:
    (wish,) = plugin_list(f"plugins:\n  - {entry}\n", file="p.yaml")
    seen = f"{wish.mode.value} {wish.version} {wish.group} {wish.origin} {wish.url}"
    assert (str(wish.plugin), str(wish.place), seen) == ("a", "p.yaml:2:5", expected)


def test_an_empty_list_is_a_list() -> None:
    assert plugin_list("plugins: []\n", file="p.yml") == ()


@pytest.mark.parametrize(("text", "problems"), REFUSALS)
def test_what_is_no_list_is_told_with_its_place(text: str, problems: list[str]) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        plugin_list(text, file="p.yaml")
    assert [
        f"{str(each.place).removeprefix('p.yaml:')} {each.path} | {each.found} | {each.wanted}"
        for each in caught.value.problems
    ] == problems


def test_problems_of_all_entries_come_at_once_with_those_that_repeat() -> None:
    text = """\
plugins:
  - {artifactId: a, source: {version: 1}}
  - {artifactId: a, source: {version: 2}}
  - {artifactId: "b c"}
  - {artifactId: d, sauce: {}}
"""
    with pytest.raises(FormulaInvalid) as caught:
        plugin_list(text, file="p.yaml")
    assert [each.place.line for each in caught.value.problems] == [3, 4, 5]
