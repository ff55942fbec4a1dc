"""Judges what a controller says to who has logged in, held to recordings of Jenkins 2.346.3."""

from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace

from builder.adapters.boot_probes import Probes
from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.formula import InputFile
from builder.model.report import Finding, Report, Status
from builder.settings import Login
from builder.verify import expect, trial
from builder.verify.casc_files import Casc
from builder.verify.checks import EXPORT, PLUGIN_MANAGER, WHO
from builder.verify.judge import judge
from tests.fakes.recorded_jenkins import CRUMBS, RECORDED, Player, is_there, jenkins, plugin_lines
from tests.unit.verify.observations import GOOD, WISHES, finding, judged, locked, pin

ADMIN = "admin:admin"
LOGIN = Login(host="", user="admin", password="admin")  # noqa: S106  # of the recordings
CASC = """\
jenkins:
  mode: NORMAL
  numExecutors: 1
  disableRememberMe: no
  agentProtocols: ["JNLP4-connect"]
  securityRealm: {local: {allowsSignup: false, users: [{id: admin, password: "${P}"}]}}
  authorizationStrategy: {roleBased: {roles: {global: [{name: admin}]}}}
  systemMessage: hello
  quietPeriod: 5
  labelString: nowhere
"""
needs_recordings = pytest.mark.skipif(
    not is_there(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)
CHECKS = ("login.works", "plugins.active", "casc.exported")


def player(plugins: str = '{"plugins": []}') -> Player:
    made = Player(export=(RECORDED / "casc-endpoints" / "export.yaml").read_bytes())
    made.take("authenticated-admin.txt")
    made.tell(CRUMBS, ADMIN, '{"crumb": "0f3c", "crumbRequestField": "Jenkins-Crumb"}')
    made.tell(PLUGIN_MANAGER, ADMIN, plugins)
    return made


def asked(played: Player, login: Login = LOGIN) -> tuple[Answer, ...]:
    with jenkins(played) as port, Probes("127.0.0.1", port, login) as probes:
        return (probes.ask(WHO, 5), probes.ask(PLUGIN_MANAGER, 5), probes.post(EXPORT, 5))


def told(
    known: tuple[Answer, ...] | None, plugins: tuple[str, ...] = (), casc: str = CASC
) -> Report:
    lock = replace(
        locked(family=Family.JENKINS, core="2.346.3"),
        plugins=tuple(pin(*each.split(":")) for each in plugins),
    )
    file = InputFile(path=PurePosixPath("casc/a.yaml"), content=casc.encode())
    expected = replace(expect(lock, trial("image:1", lock, WISHES)), casc=Casc(files=(file,)))
    return judge(expected, replace(GOOD, known=known))


def of(report: Report, check: str) -> Finding:
    return finding(report, check)


@needs_recordings
def test_a_whole_controller_passes_and_tells_who_was_there() -> None:
    listed = '{"plugins": [{"shortName": "a", "version": "1", "active": true, "enabled": true}]}'
    report = told(asked(player(listed)), ("a:1",))
    assert [of(report, each).status for each in CHECKS] == [Status.PASSED] * 3
    assert of(report, "login.works").seen == "logged in as admin"
    assert of(report, "casc.exported").seen == "8 as written; 2 are not shown by the export"


@needs_recordings
def test_a_wrong_password_fails_its_check_and_every_page() -> None:
    wrong = replace(LOGIN, password="wrong")  # noqa: S106  # of the recordings
    report = told(asked(player(), wrong), ("a:1",))
    assert (of(report, "login.works").status, of(report, "login.works").seen) == (
        Status.FAILED,
        "401",
    )
    assert of(report, "plugins.active").seen == "401"


@needs_recordings
@pytest.mark.parametrize(
    ("name", "plugins", "faults"),
    [
        (
            "plugin-missing-dependency.log",
            ("alpha:1.0", "gamma:1.0", "structs:1.23"),
            (
                "alpha 1.0: not listed, so it failed to load or is missing",
                "gamma 1.0: not listed, so it failed to load or is missing",
            ),
        ),
        (
            "plugin-cyclic-dependency.log",
            ("alpha:1.0", "beta:1.0", "structs:1.22"),
            (
                "alpha 1.0: enabled, and not active: it is part of a cycle",
                "beta 1.0: enabled, and not active: it is part of a cycle",
                "structs 1.22: version 1.23 is active instead",
            ),
        ),
    ],
)
def test_plugins_are_told_apart_by_what_the_manager_says(
    name: str, plugins: tuple[str, ...], faults: tuple[str, ...]
) -> None:
    report = told(asked(player(plugin_lines(name))), plugins)
    assert of(report, "plugins.active").evidence == faults


@needs_recordings
def test_a_disabled_plugin_is_told_from_a_failed_one() -> None:
    played = Player()
    played.take("failed-plugin-as-seen-over-http.txt")
    with jenkins(played) as port, Probes("127.0.0.1", port, LOGIN) as probes:
        answer = probes.ask(PLUGIN_MANAGER, 5)
    report = told((answer,), ("alpha:1.0", "healthy:1.0", "off:1.0"))
    assert of(report, "plugins.active").evidence == (
        "alpha 1.0: not listed, so it failed to load or is missing",
        "off 1.0: disabled",
    )


@needs_recordings
@pytest.mark.parametrize(
    ("casc", "fault"),
    [
        ("jenkins: {numExecutors: 2}", "casc/a.yaml:1: jenkins.numexecutors '2', in force '1'"),
        (
            "jenkins: {agentProtocols: [Old]}",
            "casc/a.yaml:1: jenkins.agentprotocols: Old is not in force",
        ),
    ],
)
def test_what_the_export_says_otherwise_is_named(casc: str, fault: str) -> None:
    assert of(told(asked(player()), casc=casc), "casc.exported").evidence == (fault,)


@needs_recordings
def test_a_doubled_item_is_named() -> None:
    played = player()
    played.export = b"jenkins: {clouds: [{name: k}, {name: k}]}"
    report = told(asked(played), casc="jenkins: {clouds: [{name: k}]}")
    assert of(report, "casc.exported").evidence == (
        "casc/a.yaml:1: jenkins.clouds: name k is there 2 times",
    )


def test_what_an_account_may_not_see_is_skipped() -> None:
    denied = tuple(Answer(path=each, status=403) for each in (PLUGIN_MANAGER, EXPORT))
    report = told((Answer(path=WHO, status=200, body=b'{"anonymous": true}'), *denied))
    statuses = [of(report, each).status for each in CHECKS]
    assert statuses == [Status.FAILED, Status.SKIPPED, Status.SKIPPED]


def test_without_an_account_or_on_hudson_the_reason_is_given() -> None:
    assert "JBUILD_VERIFY_USER" in of(told(None), "plugins.active").seen
    assert finding(judged(GOOD), "login.works").seen == "Hudson has no such page"
