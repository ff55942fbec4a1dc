"""The plugin sets of ks-jenkins: the formulas of KubeSphere 3.3 and 3.5, and the list of 2026."""

from functools import cache

import pytest
from msgspec.structs import replace

from builder import formula as formulas
from builder.errors import DemandsConflict
from builder.formula.plugin_list import plugin_list
from builder.model.catalogue import Catalogue
from builder.model.formula import Formula, Mode
from builder.model.lock import PinKind, Resolution
from builder.model.plugin import DependencyKind, PluginId, Release
from builder.resolve import Question, Universe, Unread, settle
from builder.resolve.detached import of_core
from builder.version import Version, newest, older_than
from tests.fakes.real_catalogues import NEEDS_REAL_DATA, past, today
from tests.fakes.recheck import Controller, complaints, found_in, reached
from tests.fakes.shared import DATA

pytestmark = NEEDS_REAL_DATA

_VALUES = {"tag": "ks/jenkins:1", "output": "load", "platform": "linux/amd64"}


@cache
def _formula(core: str) -> Formula:
    text = (DATA / "formulas" / f"ks-jenkins-{core}.formula.yaml").read_text()
    return formulas.parse(text, file="formula.yaml", values=_VALUES)


def _known(plugin: PluginId, version: Version | None) -> bool:
    return any(each.version == version for each in past().releases(plugin))


def _listed_alone(formula: Formula) -> Formula:
    """Leave out the pins that no index lists."""
    listed = (each for each in formula.plugins if _known(each.plugin, each.version))
    return replace(formula, plugins=tuple(listed))


def _stand_ins(formula: Formula) -> tuple[Release, ...]:
    """Make the releases that no index lists out of the facts of the newest that is not newer."""
    made = []
    for wish in formula.plugins:
        if wish.version and not _known(wish.plugin, wish.version):
            by_version = {each.version: each for each in past().releases(wish.plugin)}
            near = newest(each for each in by_version if not older_than(wish.version, each))
            made.append(replace(by_version[near], version=wish.version))
    return tuple(made)


def _question(
    formula: Formula, catalogue: Catalogue, read: tuple[Release, ...] = (), java: int = 11
) -> Question:
    core = formula.war.version
    table = of_core(core, java)
    universe = Universe(core=core, java=java, catalogue=catalogue, read=read, detached=table)
    return Question(universe=universe, wishes=formula.plugins)


def _answer(question: Question) -> Resolution:
    answer = settle(question)
    assert isinstance(answer, Resolution)
    return answer


def _joined(answer: Resolution, *kinds: PinKind) -> list[str]:
    return [each.release.plugin for each in answer.choices if each.kind in kinds]


def test_the_formula_for_2319_resolves_without_its_two_unlisted_pins() -> None:
    formula = _listed_alone(_formula("2.319.1"))
    assert len(formula.plugins) == 148
    answer = _answer(_question(formula, past()))
    assert _joined(answer, PinKind.IMPLIED) == ["sshd"]
    assert _joined(answer, PinKind.REQUIRED) == [
        "branch-api",
        "caffeine-api",
        "extended-read-permission",
        "mina-sshd-api-common",
        "mina-sshd-api-core",
    ]
    controller = Controller(core=Version("2.319.1"), java=11, catalogue=past())
    found = found_in(answer)
    assert list(complaints(controller, formula.plugins, found)) == []
    assert reached(controller, formula.plugins, found) == found.keys()


def test_the_formula_for_2319_lacks_five_plugins_that_its_own_pins_need() -> None:
    formula = _formula("2.319.1")
    assert isinstance(settle(_question(formula, past())), Unread)
    answer = _answer(_question(formula, past(), _stand_ins(formula)))
    assert len(answer.choices) == len(formula.plugins) + 5 == 155
    assert "sshd" in _joined(answer, PinKind.IMPLIED)


def test_the_formula_for_2346_hangs_on_its_four_unlisted_pins() -> None:
    formula = _listed_alone(_formula("2.346.3"))
    assert len(formula.plugins) == 161
    with pytest.raises(DemandsConflict) as caught:
        settle(_question(formula, past()))
    clash = caught.value.clash
    wish, core = clash.demands
    assert (wish.plugin, wish.version, core.version) == ("build-user-vars-plugin", "1.9", "2.346.3")
    (step,) = wish.chain
    assert (step.asks, step.minimum) == ("mailer", "435.v79ef3972b_5c7")
    assert step.kind is DependencyKind.REQUIRED
    assert clash.newer_core
    assert (clash.newer_core.version, clash.newer_core.needs) == ("438.v02c7f0a_12fa_4", "2.357")


def test_the_formula_for_2346_is_complete_once_its_four_unlisted_pins_are_known() -> None:
    formula = _formula("2.346.3")
    read = _stand_ins(formula)
    assert [each.plugin for each in read] == [
        "credentials-binding",
        "junit",
        "mailer",
        "node-iterator-api",
    ]
    answer = _answer(_question(formula, past(), read))
    assert _joined(answer, PinKind.IMPLIED, PinKind.REQUIRED) == []
    assert len(answer.choices) == 165


def test_the_list_of_2026_resolves_at_what_the_site_offers() -> None:
    text = (DATA / "formulas" / "ks-jenkins-2026.plugins.txt").read_text()
    wishes = plugin_list(text, file="plugins.txt")
    assert len(wishes) == 152
    assert {each.mode for each in wishes} == {Mode.LATEST}
    core = Version("2.578")
    universe = Universe(core=core, java=21, catalogue=today(), detached=of_core(core, 21))
    answer = _answer(Question(universe=universe, wishes=wishes))
    found = found_in(answer)
    assert all(today().offered(each) == version for each, version in found.items())
    assert len(found) == 175
    controller = Controller(core=core, java=21, catalogue=today())
    assert list(complaints(controller, wishes, found)) == []
