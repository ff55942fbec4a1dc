"""Whatever a text holds, it becomes a formula or a list of problems: never another failure."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.errors import FormulaInvalid
from builder.formula import parse
from builder.model.formula import Formula

REAL = """\
# a comment
bundle: &b {groupId: io.example, artifactId: demo, title: "A \\u0041"}
war:
  groupId: org.jenkins-ci.main
  artifactId: jenkins-war
  source: {version: {{.core}}}
plugins:
  - git:5.2.2
  - {groupId: org.jenkins-ci.plugins, artifactId: junit, source: {version: "1.20"}}
  - a:incrementals;org.g;2.19
  - b::https://h/b.hpi
  - {artifactId: c, source: {file: c.hpi}}
pluginsFile: plugins.txt
catalogue: {sources: [official, uc.json], mirrors: china, trust: [ca.pem]}
policy: {warnings: refuse, allow: [{id: SECURITY-1, until: 2027-01-01, why: "x"}]}
systemProperties: {a: b}
groovyHooks: [{type: init, id: a, source: {dir: b}}]
buildSettings: {docker: {base: d, tag: e, output: push}}
repositories: [{id: a, url: "https://b/c"}]
image:
  base: {debian: bookworm, packages: [tini]}
  env: {TZ: Asia/Shanghai}
  files:
    - {from: ca.crt, to: /etc/ca.crt}
  tags: ['demo:{{default "dev" .tag}}']
verify: {memory: 2g, timeout: 300}
"""
MARKS = "\t\n\r\0{}[]&*!|>'\"%@`?:,#-~<\x85\u2028\ue000\ufeff"
WORDS = """--- ... <<: *b &b !!int {{ }} {{.x}} "\\uD800" "\\UFFFFFFFF" %YAML ../ git: latest
[key] <map> <colon> <short> plugins: image: null"""
SPLICES = st.one_of(
    st.sampled_from(MARKS), st.sampled_from(WORDS.split()).map("\n{} ".format), st.text(max_size=5)
)
CUTS = st.tuples(st.integers(0, len(REAL)), st.integers(0, 12), SPLICES)
MUTATED = st.lists(CUTS, min_size=1, max_size=5)
VALUES = st.fixed_dictionaries(
    {"core": st.one_of(st.just("2.346.3"), st.text(max_size=6))},
    optional={"tag": st.text(max_size=6), "other": st.just("x")},
)


def outcome(text: str, values: dict[str, str]) -> Formula | FormulaInvalid:
    try:
        return parse(text, file="f", values=values)
    except FormulaInvalid as error:
        return error


def check(text: str, values: dict[str, str]) -> None:
    seen = outcome(text, values)
    if isinstance(seen, Formula):
        return
    places = [each.place for each in seen.problems]
    lines = text.count("\n") + text.count("\r") + sum(map(text.count, "\x85\u2028\u2029")) + 1
    assert places == sorted(places)
    assert places
    for place in places:
        assert place.file == "f"
        assert 1 <= place.line <= lines
        assert 1 <= place.column <= len(text) + 1
    for problem in seen.problems:
        assert problem.found
        assert problem.wanted
        f"{problem.found}{problem.path}{problem.wanted}".encode()


@settings(deadline=None)  # the first text waits for pydantic to load
@given(st.text(), VALUES)
@example("[" * 3000, {})
@example("{a: " * 3000, {})
@example('a: "\\UFFFFFFFF"', {})
@example("&a [*a]", {})
@example("a: &a {b: *a}", {})
@example("\ud800", {})
def test_any_text_becomes_a_formula_or_problems(text: str, values: dict[str, str]) -> None:
    check(text, values)


@settings(deadline=None)
@given(MUTATED, VALUES)
@example([(12, 0, "\n\ue000: 1\n")], {"core": "1"})
@example([(12, 0, "\n<map>: 1\n")], {"core": "1"})
def test_any_change_to_a_real_text_becomes_a_formula_or_problems(
    cuts: list[tuple[int, int, str]], values: dict[str, str]
) -> None:
    text = REAL
    for at, length, splice in cuts:
        text = text[:at] + splice + text[at + length :]
    check(text, values)


def test_the_text_that_is_changed_is_a_formula() -> None:
    assert isinstance(outcome(REAL, {"core": "2.346.3"}), Formula)
