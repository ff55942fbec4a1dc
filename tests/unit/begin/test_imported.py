"""What people have already becomes a formula that asks for the same."""

from pathlib import Path

import pytest

from builder import formula as formulas
from builder.begin import Stock, from_formula, from_list, from_packed
from builder.errors import FormulaInvalid
from builder.model.formula import Formula, Wish
from builder.version import Version
from tests.fakes.audited import locked

_FORMULAS = Path(__file__).parents[4] / "shared" / "data" / "formulas"
_WISHED = Stock(name="ci", core=Version("2.426.3"))
_LIST = """\
# what builds need
git:5.2.2
  workflow-aggregator   # pipelines
blueocean:latest

own:1.0:https://files.example/own.hpi
build-monitor-plugin:incrementals;org.jenkins-ci.plugins;1.12-rc1.abc
"""


def read(text: str) -> Formula:
    return formulas.parse(text, file="formula.yaml", values={})


def asked(wishes: tuple[Wish, ...]) -> list[tuple[object, ...]]:
    return [(e.plugin, e.version, e.mode, e.group, e.origin, e.url) for e in wishes]


def test_a_list_asks_for_the_same_as_a_formula_and_keeps_its_comments() -> None:
    made = from_list(_LIST, "plugins.txt", _WISHED)
    formula = read(made.text)
    assert asked(formula.plugins) == asked(formulas.plugin_list(_LIST, file="plugins.txt"))
    assert (formula.war.version, made.dropped) == (Version("2.426.3"), ())
    assert "  # what builds need\n" in made.text
    assert "- workflow-aggregator # pipelines\n" in made.text


def test_lines_that_are_none_stay_as_comments_with_their_reason() -> None:
    made = from_list("git:5.2.2\nnot a plugin!:1\ngit:5.0\n", "plugins.txt", _WISHED)
    assert [str(each.plugin) for each in read(made.text).plugins] == ["git"]
    assert len(made.dropped) == 2
    assert "# not a plugin!:1" in made.text
    assert made.dropped[0].place.line == 2


def test_a_list_of_yaml_is_kept_as_it_is() -> None:
    text = (
        "plugins:\n"
        "  - artifactId: git # for all\n"
        "    source:\n"
        "      version: latest\n"
        "  - artifactId: own\n"
        "    source: {version: '1', url: 'https://a.example/o.hpi'}\n"
    )
    made = from_list(text, "plugins.yaml", _WISHED)
    assert asked(read(made.text).plugins) == asked(formulas.plugin_list(text, file="plugins.yaml"))
    assert "# for all" in made.text


def test_what_no_build_obeys_is_commented_out_and_the_rest_stays() -> None:
    text = (
        "bundle: {groupId: a, artifactId: b}\n"
        "war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}\n"
        "plugins: # these\n"
        "  - groupId: a\n"
        "    artifactId: git\n"
        "    source:\n"
        "      version: 5.2.2\n"
        "\n"
        "  - groupId: a\n"
        "    artifactId: lost\n"
        "    source:\n"
        "      git: https://git.example/lost.git\n"
        "      branch: main\n"
        "  # the last\n"
        "  - {groupId: a, artifactId: mailer, source: {version: 1.34}}\n"
        "buildSettings:\n"
        "  pom: pom.xml\n"
        "  docker: {tag: 'a:{{.tag}}', platform: '{{.platform}}'}\n"
        "buildSetings: {}\n"
    )
    made = from_formula(text, "packager.yml")
    formula = formulas.parse(made.text, file="f", values={"tag": "1", "platform": "linux/amd64"})
    assert [str(each.plugin) for each in formula.plugins] == ["git", "mailer"]
    assert [each.path for each in formula.unbuilt] == ["image.base"]
    assert [each.path for each in made.missing] == ["image.base"]
    assert "  # not kept: buildSettings.pom: " in made.text
    assert "  #   artifactId: lost\n" in made.text
    assert "# buildSetings: {}" in made.text
    assert "  # the last\n" in made.text
    assert len(made.dropped) == 3
    assert from_formula(made.text, "again.yml").text == made.text


def test_of_a_fault_within_a_fault_the_outer_goes() -> None:
    text = (
        "bundle: {groupId: a, artifactId: b}\n"
        "war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}\n"
        "plugins:\n"
        "  - artifactId: git\n"
        "    type: zip\n"
        "    source:\n"
        "      version: ''\n"
        "      nonsense: 1\n"
        "  - mailer:1.34\n"
        "image:\n"
        "  layuot:\n"
        "    a: 1\n"
        "  base: {debian: sid, packages: [a], nonsense: 1}\n"
    )
    made = from_formula(text, "a.yml")
    assert [str(each.plugin) for each in read(made.text).plugins] == ["mailer"]
    assert "  #   layuot" not in made.text
    assert "  # layuot:\n  #   a: 1\n" in made.text


@pytest.mark.parametrize("text", ["a: [", "plugins: []\n", "bundle: {groupId: a}\n"])
def test_what_cannot_be_left_out_is_refused(text: str) -> None:
    with pytest.raises(FormulaInvalid):
        from_formula(text, "a.yml")


def test_of_a_lock_in_an_image_only_wishes_are_taken() -> None:
    made = from_packed(locked("git:1", "mailer:2", core="2.346.3"), "ci:1", _WISHED)
    assert [str(each.plugin) for each in read(made.text).plugins] == ["git", "mailer"]
    assert read(from_packed(locked(core="2.346.3"), "ci:1", _WISHED).text).plugins == ()


@pytest.mark.skipif(not _FORMULAS.is_dir(), reason="../shared/data is not there")
@pytest.mark.parametrize("path", sorted(_FORMULAS.glob("*.y*ml")), ids=lambda each: each.name)
def test_the_formulas_that_people_have_are_kept_word_for_word(path: Path) -> None:
    made = from_formula(path.read_text(), path.name)
    assert (made.text, made.dropped, made.missing) == (path.read_text(), (), ())
