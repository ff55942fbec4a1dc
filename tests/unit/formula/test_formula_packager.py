"""Files of custom-war-packager and jcli, as people have them."""

from pathlib import PurePosixPath

import pytest

from builder.errors import FormulaInvalid
from builder.formula import parse
from builder.model.base_wishes import DebianBase, RegistryBase
from builder.model.formula import Formula, Mode, Repository
from builder.model.war import Resource, WarWishes
from tests.fakes.shared import DATA

HOOKS = {
    "2.319.1": PurePosixPath("remove-bundle-plugins.groovy"),
    "2.346.3": PurePosixPath("scripts/remove-bundle-plugins.groovy"),
}

HEAD = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}
"""


def read(text: str) -> Formula:
    return parse(HEAD + text, file="f", values={})


def ks_jenkins(core: str) -> Formula:
    path = DATA / "formulas" / f"ks-jenkins-{core}.formula.yaml"
    if not path.exists():
        pytest.skip(f"the formulas of ks-jenkins are not beside this checkout: {path}")
    values = {"tag": "kubesphere/ks-jenkins:v1", "output": "load", "platform": "linux/amd64"}
    return parse(path.read_text("utf-8"), file=path.name, values=values)


@pytest.mark.parametrize(
    ("core", "count", "base"), [("2.319.1", 150, "2.319.3"), ("2.346.3", 165, "2.346.3")]
)
def test_the_formulas_of_ks_jenkins_read_as_they_are(core: str, count: int, base: str) -> None:
    formula = ks_jenkins(core)
    assert len(formula.plugins) == count
    assert {each.mode for each in formula.plugins} == {Mode.PINNED}
    assert {each.origin for each in formula.plugins} == {None}
    assert [each.plugin for each in formula.plugins if not each.group or not each.version] == []
    assert str(formula.war) == f"org.jenkins-ci.main:jenkins-war:{core}"
    assert formula.image.base == RegistryBase(reference=f"jenkins/jenkins:{base}")
    assert formula.image.tags == ("kubesphere/ks-jenkins:v1",)
    assert [each.path for each in formula.unbuilt] == []
    assert formula.parts == WarWishes(
        properties=(("hudson.security.csrf.DefaultCrumbIssuer.EXCLUDE_SESSION_ID", "true"),),
        hooks=(Resource(id="bundle-plugins", source=HOOKS[core], hook="init"),),
    )


@pytest.mark.parametrize("core", ["2.319.1", "2.346.3"])
def test_the_plugins_of_ks_jenkins_keep_their_versions_as_text(core: str) -> None:
    versions = [str(each.version) for each in ks_jenkins(core).plugins]
    text = (DATA / "formulas" / f"ks-jenkins-{core}.formula.yaml").read_text("utf-8")
    assert [each for each in versions if f"version: {each}\n" not in text.replace('"', "")] == []
    assert "0.10" in versions


def test_image_outdoes_the_packagers_own_keys_and_says_so() -> None:
    formula = read(
        "buildSettings: {docker: {base: 'j/jenkins:lts', tag: a/b}}\n"
        "image: {base: {debian: sid}, tags: [c/d]}\n"
    )
    assert formula.image.base == DebianBase(suite="sid", packages=(), mirror=None)
    assert formula.image.tags == ("c/d",)
    assert [(each.path, each.found, each.wanted) for each in formula.notes] == [
        (
            "buildSettings.docker.base",
            "j/jenkins:lts",
            "nothing: image.base at f:4:9 says it",
        ),
        ("buildSettings.docker.tag", "a/b", "nothing: image.tags at f:4:30 says it"),
    ]


def test_a_file_without_an_image_has_no_base_and_no_tags() -> None:
    formula = read("buildSettings: {docker: {build: true}}\n")
    assert (formula.image.base, formula.image.tags) == (None, ())


def test_a_version_decides_whatever_else_a_source_says() -> None:
    text = "plugins: [{groupId: g, artifactId: a, source: {git: 'https://h/a', version: 1.0}}]\n"
    (wish,) = read(text).plugins
    assert (wish.version, wish.group, wish.origin) == ("1.0", "g", None)


def test_the_packagers_repositories_stand_behind_the_formulas_own() -> None:
    formula = read(
        "repositories: [{id: jenkins, url: 'https://a/b'}]\n"
        "buildSettings: {jenkinsRepository: {url: 'https://c/d', incrementalsId: i, "
        "incrementalsUrl: 'https://e/f'}}\n"
    )
    assert formula.repositories == (
        Repository(id="jenkins", url="https://a/b"),
        Repository(id="i", url="https://e/f"),
    )


def test_an_essentials_file_holds_a_formula_under_packaging_config() -> None:
    inner = "".join(f"    {line}\n" for line in HEAD.splitlines())
    text = f"ath: {{}}\npackaging:\n  config:\n{inner}"
    assert parse(text, file="f", values={}).bundle.artifact == "demo"
    with pytest.raises(FormulaInvalid) as caught:
        parse(text.replace("bundle:", "bundel:"), file="f", values={})
    assert ("f:4:5", "bundel") in [(str(e.place), e.path) for e in caught.value.problems]
