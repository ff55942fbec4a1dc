"""``verify.checks``: what they become, and each mistake with its place."""

import pytest

from builder.errors import FormulaInvalid
from builder.formula import parse
from builder.model.custom import CustomCheck, FileWish, GroovyWish, HttpWish, LogWish

FORMULA = """\
bundle: {groupId: g, artifactId: a}
war: {groupId: g, artifactId: w, source: {version: "1"}}
image: {base: {debian: sid}}
verify:
  checks:
"""


def checks(*lines: str) -> tuple[CustomCheck, ...]:
    text = FORMULA + "".join(f"    - {each}\n" for each in lines)
    parsed = parse(text, file="f.yaml", values={})
    assert parsed.unbuilt == ()
    return parsed.trial.checks


def test_checks_become_values() -> None:
    assert checks(
        '{id: page, get: "/api/json?tree=mode", header: {X-B: 2, X-A: 1}, json: {mode: NORMAL}}',
        "{id: gone, get: /nothing, status: 404}",
        "{id: said, log: done$}",
        "{id: quiet, log: SEVERE, absent: true}",
        "{id: key, file: /a b/c, absent: true}",
        "{id: theme, file: /a.css, contains: '#0a7'}",
        "{id: six, groovy: println(6), contains: '^6$'}",
    ) == (
        HttpWish(
            id="page",
            path="/api/json?tree=mode",
            headers=(("X-A", "1"), ("X-B", "2")),
            values=(("mode", "NORMAL"),),
        ),
        HttpWish(id="gone", path="/nothing", status=404),
        LogWish(id="said", pattern="done$"),
        LogWish(id="quiet", pattern="SEVERE", is_absent=True),
        FileWish(id="key", path="/a b/c", is_absent=True),
        FileWish(id="theme", path="/a.css", pattern="#0a7"),
        GroovyWish(id="six", script="println(6)", pattern="^6$"),
    )


@pytest.mark.parametrize(
    ("lines", "line", "wanted"),
    [
        (["{get: /}"], 6, "this key: it is required"),
        (["{id: a}"], 6, "one of get, log"),
        (["{id: a, get: /, log: x}"], 6, "one of get, log"),
        (["{id: a, log: x, status: 200}"], 6, "beside get alone"),
        (["{id: a, get: /, absent: true}"], 6, "beside log or file alone"),
        (["{id: a, file: relative}"], 6, "an absolute path"),
        (["{id: a, file: /folder/}"], 6, "an absolute path"),
        (["{id: a, file: /a, log: x}"], 6, "one of get, log, file"),
        (["{id: a, log: x, contains: y}"], 6, "beside file or groovy alone"),
        (["{id: a, file: /a, contains: y, absent: true}"], 6, "beside file or groovy alone"),
        (["{id: a, file: /a, status: 200}"], 6, "beside get alone"),
        (["{id: A, get: /}"], 6, "an id"),
        (["{id: a, get: //other.example/}"], 6, "a path"),
        (["{id: a, get: http://other.example/}"], 6, "a path"),
        (["{id: a, get: /, status: ok}"], 6, "a status"),
        (["{id: a, log: '['}"], 6, "a regular expression"),
        (["{id: a, get: /, json: {'a..b': x}}"], 6, "a path such as jobs[0].name"),
        (["{id: a, get: /}", "{id: a, log: x}"], 5, "each id once; a comes twice"),
        (["{id: a, groovy: println(1)}"], 6, "contains beside groovy"),
        (["{id: a, groovy: ' ', contains: x}"], 6, "a script"),
        (["{id: a, groovy: x, contains: x, absent: true}"], 6, "and not beside absent"),
        (["{id: a, groovy: x, contains: x, get: /}"], 6, "one of get, log, file, groovy"),
        (["{id: a, got: /}"], 6, "get"),
    ],
)
def test_a_mistake_is_told_with_its_line(lines: list[str], line: int, wanted: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        checks(*lines)
    (problem,) = caught.value.problems
    assert problem.place.line == line
    assert wanted in problem.wanted
