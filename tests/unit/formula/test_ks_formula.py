"""The formula at the top of the repository, and the configuration and hooks beside it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml

from builder import formula as formulas
from builder.model.formula import Formula
from builder.model.lock import PinKind, Resolution
from builder.resolve import Question, Universe, settle
from builder.resolve.detached import of_core
from tests.fakes.real_catalogues import NEEDS_REAL_DATA, past
from tests.fakes.recheck import Controller, complaints, found_in
from tests.fakes.shared import DATA

_TOP = Path(__file__).parents[3]
_UNLISTED = {"credentials-binding", "junit", "mailer", "node-iterator-api"}
_LOWERED_WITH_THEM = {"build-user-vars-plugin", "cloudbees-bitbucket-branch-source", "git"}
_OF_THE_CORE = {"jenkins", "location"}
_OWNERS = {  # kubesphere.md B.3: who reads which key
    "authorizationStrategy": "role-strategy",
    "securityRealm": "ldap",
    "clouds": "kubernetes",
    "kubespheretokenauthglobalconfiguration": "kubesphere-token-auth",
    "eventDispatcher": "generic-event",
    "mailer": "mailer",
    "sonarGlobalConfiguration": "sonar",
    "sonarRunnerInstallation": "sonar",
}


@cache
def _formula() -> Formula:
    text = (_TOP / "formula.yaml").read_text()
    return formulas.parse(text, file="formula.yaml", values={})


@cache
def _casc() -> Mapping[str, dict]:  # type: ignore[type-arg]  # whatever a document holds
    (only,) = (_TOP / "casc").rglob("*.y*ml")
    document = yaml.safe_load(only.read_text())
    assert isinstance(document, dict)
    return document


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for each in node.values():
            yield from _texts(each)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)


@NEEDS_REAL_DATA
def test_the_set_is_complete_as_it_stands() -> None:
    formula = _formula()
    core = formula.war.version
    assert core == "2.346.3"
    universe = Universe(core=core, java=11, catalogue=past(), read=(), detached=of_core(core, 11))
    answer = settle(Question(universe=universe, wishes=formula.plugins))
    assert isinstance(answer, Resolution)
    assert {each.kind for each in answer.choices} == {PinKind.WISH}
    controller = Controller(core=core, java=11, catalogue=past())
    assert list(complaints(controller, formula.plugins, found_in(answer))) == []


@NEEDS_REAL_DATA
def test_the_pins_are_those_of_kubesphere_3_5_but_for_seven() -> None:
    values = {"tag": "ks/jenkins:1", "output": "load", "platform": "linux/amd64"}
    path = DATA / "formulas" / "ks-jenkins-2.346.3.formula.yaml"
    theirs = formulas.parse(path.read_text(), file=str(path), values=values)
    pins = {each.plugin: each.version for each in theirs.plugins}
    ours = {each.plugin: each.version for each in _formula().plugins}
    assert ours.keys() == pins.keys()
    moved = {each for each, version in ours.items() if version != pins[each]}
    assert moved == _UNLISTED | _LOWERED_WITH_THEM


def test_every_pin_that_moved_says_so() -> None:
    lines = (_TOP / "formula.yaml").read_text().splitlines()
    for plugin in _UNLISTED | _LOWERED_WITH_THEM:
        (number,) = (n for n, line in enumerate(lines) if line.startswith(f"  - {plugin}:"))
        assert "3.5.0 had" in lines[number] + lines[number - 1], plugin


def test_every_key_of_the_configuration_has_its_plugin() -> None:
    plugins = {each.plugin for each in _formula().plugins}
    jenkins, rest = _casc()["jenkins"], _casc()["unclassified"]
    assert _casc().keys() == {"jenkins", "unclassified", "tool"}
    owned = {*rest, *jenkins, *_casc()["tool"]} & _OWNERS.keys()
    assert owned == _OWNERS.keys()
    assert rest.keys() <= _OWNERS.keys() | _OF_THE_CORE
    assert {_OWNERS[each] for each in owned} <= plugins
    assert "configuration-as-code" in plugins


def test_words_do_not_stand_where_numbers_belong() -> None:
    jenkins = _casc()["jenkins"]
    assert jenkins["slaveAgentPort"] == 50000
    assert jenkins["numExecutors"] == 0


def test_every_variable_has_a_default() -> None:
    for text in _texts(dict(_casc())):
        for variable in re.findall(r"(?<!\^)\$\{([^}]*)\}", text):
            assert re.match(r"[A-Z][A-Z0-9_]*:-", variable), text


def test_every_image_of_an_agent_has_a_registry_that_can_be_another() -> None:
    (cloud,) = _casc()["jenkins"]["clouds"]
    for each in cloud["kubernetes"]["templates"]:
        for container in each["containers"]:
            name = "JNLP" if container["name"] == "jnlp" else "BUILDER"
            assert container["image"].startswith(f"${{{name}_REGISTRY:-docker.io/")


def test_credentials_are_left_to_hooks_since_here_they_would_replace_all_others() -> None:
    assert "credentials" not in _casc()


def test_agents_are_called_jnlp_and_children_replace_the_container_of_their_parent() -> None:
    (cloud,) = _casc()["jenkins"]["clouds"]
    templates = {each["name"]: each for each in cloud["kubernetes"]["templates"]}
    assert cloud["kubernetes"]["name"] == "kubernetes"
    assert [n for n, each in templates.items() if each.get("nodeUsageMode") == "NORMAL"] == ["base"]
    for each in templates.values():
        names = [container["name"] for container in each["containers"]]
        if parent := templates.get(each.get("inheritFrom", "")):
            assert names == [parent["containers"][0]["name"]]
        else:
            assert names[1:] == ["jnlp"]
            arguments = each["containers"][1]["args"]
            assert arguments == "^${computer.jnlpmac} ^${computer.name}"


@pytest.mark.parametrize("name", ["initK8sCredentials", "initSonarqube", "initUsers"])
def test_a_hook_tells_one_word_of_three_and_no_message_of_a_fault(name: str) -> None:
    text = (_TOP / "init.groovy.d" / f"{name}.groovy").read_text()
    said = re.findall(r"say '(\w+)'", text)
    assert set(said) == {"ok", "skip", "fail"}
    assert "message" not in re.sub(r"//.*", "", text)
    assert "import " not in text  # a class that is gone would keep the whole script from running
