"""A bill of materials in the place of the formula's plugins: JEP-309 as the packager reads it."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import FormulaInvalid
from builder.formula import input_paths, parse, with_inputs
from builder.model.formula import Bundle, Formula, InputFile, Mode

FORMULA = """\
bundle: {groupId: io.example, artifactId: demo, version: "7", vendor: Ours}
war: {groupId: g, artifactId: controller, source: {version: 3.3.2}}
plugins: [git:1]
"""
SETTINGS = "buildSettings: {bom: sub/bom.yml, environmentName: aws, bomIncludeWar: true}\n"
BOM = """\
metadata:
  labels: {name: mine, groupId: org.acme, artifactId: acme, version: 1.0, other: x}
  annotations: {io.jenkins.x: y}
spec:
  core: {ref: master, version: 2.118}
  components:
    - {groupId: org.acme, artifactId: acme-lib, version: 1.0}
  plugins:
    - {groupId: org.acme, artifactId: workflow-api, version: 2.20}
    - {groupId: org.acme, artifactId: structs, ref: master, version: 1.14}
  environments:
    - name: aws
      plugins:
        - {groupId: io.acme, artifactId: s3, version: 1.0}
    - name: gcp
      plugins: [{groupId: io.acme, artifactId: gcs, version: 1.0}]
status:
  core: {ref: aaabbb}
"""


def read(bom: str, settings: str = SETTINGS, formula: str = FORMULA) -> Formula:
    parsed = parse(formula + settings, file="a/f.yaml", values={})
    file = InputFile(path=PurePosixPath("sub/bom.yml"), content=bom.encode())
    return with_inputs(parsed, [file])


def told(bom: str, settings: str = SETTINGS, formula: str = FORMULA) -> list[str]:
    with pytest.raises(FormulaInvalid) as caught:
        read(bom, settings, formula)
    return [f"{e.place} {e.path} | {e.found} | {e.wanted}" for e in caught.value.problems]


def test_it_says_what_is_built() -> None:
    formula = read(BOM)
    assert [(e.plugin, e.version, e.group, e.mode, str(e.place)) for e in formula.plugins] == [
        ("workflow-api", "2.20", "org.acme", Mode.PINNED, "a/sub/bom.yml:9:7"),
        ("structs", "1.14", "org.acme", Mode.PINNED, "a/sub/bom.yml:10:7"),
        ("s3", "1.0", "io.acme", Mode.PINNED, "a/sub/bom.yml:14:11"),
    ]
    assert str(formula.war) == "org.jenkins-ci.main:jenkins-war:2.118"
    assert formula.bundle == Bundle(
        group="org.acme", artifact="acme", version="7", title="mine", description="mine"
    )
    assert (formula.bom, formula.inputs) == (None, ())


def test_what_it_takes_the_place_of_is_noted_and_components_are_libraries() -> None:
    formula = read(BOM)
    assert [(str(each.place), each.path) for each in formula.notes] == [("a/f.yaml:3:1", "plugins")]
    assert [str(each.origin) for each in formula.parts.patches] == ["org.acme:acme-lib:1.0"]
    assert str(formula.place_of("libPatches[0]")) == "a/sub/bom.yml:7:7"


def test_without_an_environment_only_what_is_for_all_counts() -> None:
    formula = read(BOM, "buildSettings: {bom: sub/bom.yml}\n")
    assert [each.plugin for each in formula.plugins] == ["workflow-api", "structs"]
    assert str(formula.war) == "g:controller:3.3.2"


def test_a_formula_may_leave_bundle_and_war_to_it() -> None:
    formula = read(BOM, formula="")
    assert (formula.bundle.artifact, formula.bundle.version) == ("acme", "1.0-SNAPSHOT")
    assert str(formula.war) == "org.jenkins-ci.main:jenkins-war:2.118"


def test_the_war_is_left_to_it_only_where_the_formula_says_so() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        parse("buildSettings: {bom: sub/bom.yml}\n", file="f", values={})
    assert [each.path for each in caught.value.problems] == ["war"]


def test_without_labels_the_formulas_own_bundle_stays() -> None:
    formula = read(
        "spec: {core: {version: 2.118}, plugins: []}\n", "buildSettings: {bom: sub/bom.yml}"
    )
    assert formula.bundle.vendor == "Ours"
    assert formula.plugins == ()


@pytest.mark.parametrize(
    ("bom", "problems"),
    [
        ("", [":1:1  | nothing | a bill of materials: a map with spec"]),
        ("{}", [":1:1 spec | nothing | this key: it is required"]),
        (
            BOM.replace("artifactId: acme,", ""),
            [":2:11 metadata.labels.artifactId | nothing | this key: it is required"],
        ),
        (
            BOM.replace("version: 2.118", "dir: x"),
            [":5:3 spec.core.version | nothing | a released version"],
        ),
        (
            BOM.replace("structs, ref: master, version: 1.14", "structs, ref: c"),
            [":10:53 spec.plugins[1].ref | c | not yet; name a released version"],
        ),
        (
            BOM.replace("version: 2.20", "verison: 2.20"),
            [
                ":9:7 spec.plugins[0].version | nothing | this key: it is required",
                ":9:53 spec.plugins[0].verison | verison | a known key; did you mean",
            ],
        ),
        (
            BOM.replace("artifactId: s3", "artifactId: structs"),
            [":14:11  | structs, which differs from what a/sub/bom.yml:10:7 says | one of the"],
        ),
    ],
)
def test_what_is_wrong_in_it_is_told_with_its_place(bom: str, problems: list[str]) -> None:
    seen = told(bom)
    assert len(seen) == len(problems)
    for each, expected in zip(seen, problems, strict=True):
        assert each.startswith(f"a/sub/bom.yml{expected}")


def test_labels_are_needed_where_the_formula_has_no_bundle() -> None:
    settings = "buildSettings: {bom: sub/bom.yml, bomIncludeWar: true}\n"
    (problem,) = told("spec: {core: {version: 2.118}}\n", settings, "")
    assert problem == (
        "a/sub/bom.yml:1:1 metadata.labels | nothing | "
        "groupId and artifactId: the formula has no bundle"
    )


def test_an_environment_that_is_not_there_is_told_with_the_nearest() -> None:
    (near,) = told(BOM, SETTINGS.replace("aws", "asw"))
    (far,) = told(BOM, SETTINGS.replace("aws", "production"))
    where = "a/f.yaml:4:22 buildSettings.environmentName"
    assert near == (
        f'{where} | asw | an environment that sub/bom.yml has; did you mean the environment "aws"?'
    )
    assert far == f"{where} | production | an environment that sub/bom.yml has"


def test_it_is_asked_for_and_has_to_be_there() -> None:
    parsed = parse(FORMULA + SETTINGS, file="a/f.yaml", values={})
    assert PurePosixPath("sub/bom.yml") in input_paths(parsed)
    with pytest.raises(FormulaInvalid) as caught:
        with_inputs(parsed, [])
    assert [(str(each.place), each.path) for each in caught.value.problems] == [
        ("a/f.yaml:4:22", "buildSettings.bom")
    ]


CUTS = st.tuples(
    st.integers(0, len(BOM)), st.integers(0, 12), st.text("{}[]:-, \nab#&*'", max_size=4)
)


def outcome(bom: str) -> Formula | FormulaInvalid:
    try:
        return read(bom)
    except FormulaInvalid as error:
        return error


@settings(deadline=None)  # the first text waits for pydantic to load
@given(st.lists(CUTS, min_size=1, max_size=4))
def test_any_change_to_one_leaves_a_formula_or_problems(cuts: list[tuple[int, int, str]]) -> None:
    bom = BOM
    for at, length, splice in cuts:
        bom = bom[:at] + splice + bom[at + length :]
    seen = outcome(bom)
    if isinstance(seen, FormulaInvalid):
        assert seen.problems
        assert all(each.found and each.wanted and each.place.line for each in seen.problems)
    else:
        assert seen.bom is None
