"""Labels that pipelines ask for are held against those that agents have."""

from pathlib import PurePosixPath

import pytest

from builder.lint import Linted, lint
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc

_CASC = """
jenkins:
  labelString: "own"
  nodes: [{permanent: {name: metal, labelString: "big iron"}}]
  clouds: [{kubernetes: {templates: [{name: base, label: base}, {name: mvn, label: maven java}]}}]
"""


def told(pipeline: str, casc: str = _CASC) -> list[tuple[str, str]]:
    def file(path: str, text: str) -> InputFile:
        return InputFile(path=PurePosixPath(path), content=text.encode())

    seen = Linted(
        casc=Casc(files=(file("casc/a.yaml", casc),)), pipelines=(file("Jenkinsfile", pipeline),)
    )
    return [(each.id, each.subject) for each in lint(seen) if each.id.startswith("label-")]


_UNUSED = [("label-unused", "casc/a.yaml:5")] * 3


@pytest.mark.parametrize(
    "text",
    [
        "pipeline { agent { node { label 'gone' } } }",
        'pipeline { agent { label "base && gone" } }',
        "node('gone') { sh 'x' }",
        "node 'gone'",
        "agent { label('gone') }",
    ],
)
def test_a_label_that_no_agent_has_is_found(text: str) -> None:
    assert ("label-missing", "Jenkinsfile:2") in told(f"// a job\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "node('base')",
        "agent { label 'big && iron || metal' }",
        "agent { label 'own' }; node('built-in')",
        'agent { label "${params.WHERE}" }',
        "agent any",
        "podTemplate(label: 'mine', cloud: 'kubernetes') { node('mine') { } }",
        "agent { kubernetes { inheritFrom 'base'\n label 'mine' } }",
    ],
)
def test_a_label_that_is_known_or_made_is_none(text: str) -> None:
    assert "label-missing" not in {name for name, _ in told(text)}


def test_labels_that_none_asks_for_are_told_where_pipelines_are_given() -> None:
    assert told("node('base')") == _UNUSED[:2]
    assert told("node('x')", "jenkins: {mode: NORMAL}\n") == []
