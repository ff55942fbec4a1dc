"""Every refusal, as one change to a formula that is fine and all the problems that it brings.

refusals.jsonl: name, text that changes (empty: all of it), what it becomes, values, problems.
later.jsonl: path of the one problem, text that changes, what it becomes.
unbuilt.jsonl: the same for what is read, and said to be for resolving alone.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from builder.errors import FormulaInvalid
from builder.formula import parse

GOOD = """\
bundle:
  groupId: io.example
  artifactId: demo
war:
  groupId: org.jenkins-ci.main
  artifactId: jenkins-war
  source: {version: 2.346.3}
plugins:
  - git:5.2.2
  - groupId: org.jenkins-ci.plugins
    artifactId: junit
    source: {version: 1.20}
image:
  base: {debian: bookworm}
"""


HERE = Path(__file__).parent
Refusal = tuple[str, str, str, dict[str, str], list[str]]
Later = tuple[str, str, str]
REFUSALS: list[Refusal] = [
    json.loads(line) for line in (HERE / "refusals.jsonl").read_text("utf-8").splitlines()
]
LATER: list[Later] = [
    json.loads(line) for line in (HERE / "later.jsonl").read_text("utf-8").splitlines()
]
UNBUILT: list[Later] = [
    json.loads(line) for line in (HERE / "unbuilt.jsonl").read_text("utf-8").splitlines()
]


def told(text: str, values: Mapping[str, str]) -> list[str]:
    """Spell the problems of a text as ``line:column path | found | wanted``."""
    with pytest.raises(FormulaInvalid) as caught:
        parse(text, file="f", values=values)
    return [
        f"{str(each.place).removeprefix('f:')} {each.path} | {each.found} | {each.wanted}"
        for each in caught.value.problems
    ]


def test_what_every_row_changes_is_fine_as_it_is() -> None:
    assert parse(GOOD, file="f", values={}).war.version == "2.346.3"


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_what_is_wrong_is_told_with_its_place(row: Refusal) -> None:
    _, old, new, values, problems = row
    changed = GOOD.replace(old or GOOD, new, 1)
    assert changed != GOOD
    assert told(changed, values) == problems


@pytest.mark.parametrize("row", LATER, ids=lambda row: f"{row[0]}: {row[2]}")
def test_what_comes_later_is_refused_as_not_yet(row: Later) -> None:
    path, old, new = row
    (problem,) = told(GOOD.replace(old, new, 1), {})
    where, _, wanted = problem.split(" | ")
    assert where.split(" ")[1] == path
    assert wanted.startswith("not yet")


@pytest.mark.parametrize("row", UNBUILT, ids=lambda row: f"{row[0]}: {row[2]}")
def test_what_cannot_be_built_yet_is_read_and_told(row: Later) -> None:
    path, old, new = row
    (problem,) = parse(GOOD.replace(old, new, 1), file="f", values={}).unbuilt
    assert problem.path == path
    assert problem.wanted.startswith("not yet") or path == "image.base"
    assert "image:" in problem.wanted or "base" not in path


@pytest.mark.parametrize(
    "text",
    [
        "systemProperties: {}",
        "groovyHooks: []",
        "buildSettings: {docker: {output: load, buildx: true, build: true, platform: ''}}",
        "buildSettings: {tmpDir: x, version: y, mvnSettingsFile: z, mvnOptions: [-B, -U]}",
        "buildSettings: {installArtifacts: true, updateCenterUrl: x, pomIgnoreRoot: true}",
        "buildSettings: {docker: {outputDir: a, customSettings: b}}",
    ],
)
def test_what_makes_no_difference_is_let_pass(text: str) -> None:
    formula = parse(GOOD.replace("image:", f"{text}\nimage:"), file="f", values={})
    assert formula == parse(GOOD, file="f", values={})


def test_all_problems_come_at_once_and_by_place() -> None:
    text = GOOD.replace("io.example", "{{.group}}").replace("git:5.2.2", "git client")
    text = text.replace("artifactId: demo", "artifactId: demo\n  groupId: b\n  titel: c")
    text = text.replace("image:", "packaging: {}\nimage:").replace("{debian: bookworm}", "{}")
    assert [each.split(" | ")[0] for each in told(text, {"gruop": "a"})] == [
        "1:1 ",
        "2:12 ",
        "4:3 ",
        "5:3 bundle.titel",
        "11:5 plugins[0]",
        "15:1 packaging",
        "17:3 image.base",
    ]


def test_what_a_missing_value_brings_about_is_not_told_again() -> None:
    text = GOOD.replace("image:", "verify: {memory: '{{.a}}', timeout: 0{{.b}}}\nimage:")
    assert [each.split(" | ")[1] for each in told(text, {})] == ["{{.a}}", "{{.b}}"]


def test_places_are_those_of_the_file_and_not_of_the_filled_text() -> None:
    text = GOOD.replace("{debian: bookworm}", "{debian: '{{.suite}}', packages: ['{{.p}}', -x]}")
    values = {"suite": "a-suite-with-a-very-long-name", "p": "jq"}
    column = text.splitlines()[13].index("-x") + 1
    assert [each.split(" ")[0] for each in told(text, values)] == [f"14:{column}"]
