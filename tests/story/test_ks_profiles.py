"""The Jenkins of other releases of KubeSphere: small formulas above that of 3.5."""

import re
from pathlib import Path

import pytest
import yaml

from builder import formula as formulas
from builder import pipeline
from builder.model.base_wishes import RegistryBase
from builder.model.formula import Formula
from builder.model.lock import PinKind, Resolution
from builder.resolve import Question, Universe, settle
from builder.resolve.detached import of_core
from tests.fakes.real_catalogues import NEEDS_REAL_DATA, past
from tests.fakes.recheck import Controller, complaints, found_in
from tests.fakes.shared import DATA
from tests.fakes.world import FakeWorld, fake_world

_TOP = Path(__file__).parents[2]
_PROFILES = sorted(each.parent.name for each in (_TOP / "profiles").glob("*/formula.yaml"))
_PUBLISHED = {"tag": "ks/jenkins:1", "output": "load", "platform": "linux/amd64"}


@pytest.fixture
def made(tmp_path: Path) -> FakeWorld:
    return fake_world(tmp_path / "store", {})


def _read(made: FakeWorld, profile: str, **values: str) -> Formula:
    return pipeline.read_formula(made.world, _TOP / "profiles" / profile / "formula.yaml", values)


def _casc(formula: Formula) -> dict:  # type: ignore[type-arg]  # whatever a document holds
    (only,) = (each for each in formula.inputs if each.path.parts[0] == "casc")
    document = yaml.safe_load(only.content)
    assert isinstance(document, dict)
    return document


def _pins(formula: Formula) -> dict[str, str | None]:
    return {each.plugin: each.version for each in formula.plugins}


def test_there_are_three() -> None:
    assert _PROFILES == ["3.3", "3.4", "4.1"]


@NEEDS_REAL_DATA
@pytest.mark.parametrize("profile", _PROFILES)
def test_the_set_of_each_is_complete_as_it_stands(profile: str, made: FakeWorld) -> None:
    formula = _read(made, profile)
    core = formula.war.version
    universe = Universe(core=core, java=11, catalogue=past(), read=(), detached=of_core(core, 11))
    answer = settle(Question(universe=universe, wishes=formula.plugins))
    assert isinstance(answer, Resolution)
    assert {each.kind for each in answer.choices} == {PinKind.WISH}
    controller = Controller(core=core, java=11, catalogue=past())
    assert list(complaints(controller, formula.plugins, found_in(answer))) == []


@NEEDS_REAL_DATA
def test_the_pins_of_3_3_are_the_published_ones_and_five_that_those_need(made: FakeWorld) -> None:
    path = DATA / "formulas" / "ks-jenkins-2.319.1.formula.yaml"
    theirs = _pins(formulas.parse(path.read_text(), file=str(path), values=_PUBLISHED))
    ours = _pins(_read(made, "3.3"))
    assert ours.keys() - theirs.keys() == {
        "caffeine-api",
        "extended-read-permission",
        "mina-sshd-api-common",
        "mina-sshd-api-core",
        "sshd",
    }
    moved = {each for each, version in theirs.items() if ours.get(each) != version}
    assert moved == {"branch-api", "node-iterator-api"}  # in no index


@pytest.mark.parametrize("profile", _PROFILES)
def test_core_base_and_tag_of_each_agree(profile: str, made: FakeWorld) -> None:
    formula = _read(made, profile)
    core = formula.war.version
    assert formula.image.base == RegistryBase(reference=f"jenkins/jenkins:{core}-jdk11")
    assert all(re.search(rf":v{profile}\.\d-{re.escape(core)}", e) for e in formula.image.tags)
    assert formula.bundle.version.startswith(f"v{profile}.")


def test_3_4_is_3_3_on_another_core(made: FakeWorld) -> None:
    assert _pins(_read(made, "3.4")) == _pins(_read(made, "3.3"))


def test_4_1_reviews_no_token_and_says_nothing_of_it(made: FakeWorld) -> None:
    formula = _read(made, "4.1")
    below = pipeline.read_formula(made.world, _TOP / "formula.yaml", {})
    assert _pins(below).keys() - _pins(formula).keys() == {"kubesphere-token-auth"}
    said, under = _casc(formula), _casc(below)
    assert under["jenkins"].keys() - said["jenkins"].keys() == {"securityRealm"}
    gone = under["unclassified"].keys() - said["unclassified"].keys()
    assert gone == {"kubespheretokenauthglobalconfiguration"}
    assert said["jenkins"]["clouds"] == under["jenkins"]["clouds"]


@pytest.mark.parametrize("realm", ["local", "ldap", "oic"])
def test_the_realm_of_4_1_is_a_choice_and_says_nothing_else(realm: str, made: FakeWorld) -> None:
    formula = _read(made, "4.1", realm=realm)
    (placed,) = formula.image.files
    (text,) = (each.content for each in formula.inputs if each.path == placed.source)
    said = yaml.safe_load(text)
    assert said.keys() == {"jenkins"}
    assert said["jenkins"].keys() == {"securityRealm"}
    assert said["jenkins"]["securityRealm"].keys() == {realm}
    assert str(placed.target.parent) == "/usr/share/jenkins/casc"


def test_the_realm_ldap_of_4_1_is_that_of_3_5(made: FakeWorld) -> None:
    formula = _read(made, "4.1", realm="ldap")
    (text,) = (each.content for each in formula.inputs if each.path.name == "ldap.yaml")
    below = pipeline.read_formula(made.world, _TOP / "formula.yaml", {})
    assert (
        yaml.safe_load(text)["jenkins"]["securityRealm"] == _casc(below)["jenkins"]["securityRealm"]
    )


def test_the_hook_of_4_1_comes_after_the_account_and_names_no_message(made: FakeWorld) -> None:
    hooks = {
        e.path.name: e.content.decode()
        for e in _read(made, "4.1").inputs
        if e.path.suffix == ".groovy"
    }
    assert sorted(hooks)[-2:] == ["initUsers.groovy", "initUsersToken.groovy"]
    text = hooks["initUsersToken.groovy"]
    assert set(re.findall(r"say '(\w+)'", text)) == {"ok", "skip", "fail"}
    assert "message" not in re.sub(r"//.*", "", text)
    assert "import " not in text
