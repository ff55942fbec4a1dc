"""Judges answers: one thing is wrong with each, and its check alone says so."""

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.controller import HUDSON, JENKINS, Family
from builder.model.formula import TrialWishes
from builder.model.report import PortAnswer, Status
from builder.verify import trial
from tests.unit.verify.observations import (
    API,
    GOOD,
    LISTENER,
    ROOT,
    finding,
    judged,
    locked,
    only_failure,
    with_answer,
)


@pytest.mark.parametrize(
    ("answer", "check", "said"),
    [
        (replace(ROOT, headers=(("X-Hudson", "3.3.1"),)), "http.root", "200, X-Hudson: 3.3.1"),
        (replace(ROOT, headers=()), "http.root", "200, no X-Hudson"),
        (replace(ROOT, status=500), "http.root", "500, X-Hudson: 3.3.2"),
        (replace(API, body=b"<html>"), "http.api", "200, no JSON"),
        (replace(API, status=403), "http.api", "403"),
        (replace(API, status=None, error="timed out"), "http.api", "no answer (timed out)"),
        (replace(LISTENER, headers=()), "agent.listener", "200, no X-Hudson-JNLP-Port"),
        (
            replace(LISTENER, status=404, headers=()),
            "agent.listener",
            "404: the agent port is disabled",
        ),
        (
            replace(LISTENER, headers=(("X-Hudson-JNLP-Port", "39999"),)),
            "agent.listener",
            "200, X-Hudson-JNLP-Port: 39999",
        ),
    ],
)
def test_a_wrong_answer_is_told(answer: Answer, check: str, said: str) -> None:
    failure = only_failure(with_answer(answer))
    assert (failure.check.id, failure.seen) == (check, said)


def test_a_taken_agent_port_is_told_from_a_disabled_one() -> None:
    line = "WARNING: Failed to listen to incoming agent connections through port 50000. Change it"
    log = (*GOOD.log, "Nov 3, 2026 2:24:56 PM jenkins.model.Jenkins launch", line)
    answer = replace(LISTENER, status=404, headers=())
    failure = only_failure(replace(with_answer(answer), log=log))
    assert failure.seen == "404: the agent port could not be opened"
    assert line in failure.evidence


def test_an_agent_port_that_the_wizard_keeps_closed_is_told() -> None:
    line = "INFO: Jenkins initial setup is required. An admin user has been created"
    log = (*GOOD.log, "Nov 3, 2026 2:24:56 PM jenkins.install.SetupWizard init", line)
    answer = replace(LISTENER, status=404, headers=())
    failure = only_failure(replace(with_answer(answer), log=log))
    assert failure.seen == "404: the agent port is closed until the setup wizard is done"


def test_a_controller_below_a_prefix_is_told_from_one_without_an_agent_port() -> None:
    root = replace(ROOT, status=404, headers=())
    listener = replace(LISTENER, status=404, headers=())
    kept = (each for each in GOOD.answers if each.path == API.path)
    report = judged(replace(GOOD, answers=(root, *kept, listener)))
    said = finding(report, "agent.listener").seen
    assert said == "404: the controller answers below a path prefix only"


def test_a_long_api_answer_that_was_cut_off_still_counts() -> None:
    assert judged(with_answer(replace(API, body=b'{"a":"' + b"x" * 64 * 1024))).passed


def test_a_jenkins_that_wants_a_log_in_has_answered() -> None:
    version = (("X-Jenkins", "2.346.3"),)
    port = (("X-Jenkins-JNLP-Port", "50000"),)
    seen = replace(
        GOOD,
        answers=(
            Answer(path="/", status=403, headers=version),
            Answer(path="/api/json", status=403, headers=version),
            Answer(path="/tcpSlaveAgentListener/", status=200, headers=port),
        ),
        agent_port=PortAnswer(port=50000, reached=True, answer=b"Ping\n"),
        agents=None,
    )
    report = judged(seen, locked(family=Family.JENKINS, core="2.346.3"))
    assert report.passed
    assert "log-in is needed" in finding(report, "http.root").seen
    assert "log-in is needed" in finding(report, "http.api").seen


@pytest.mark.parametrize(
    ("port", "said"),
    [
        (PortAnswer(port=50000, reached=False, error="Connection refused"), "Connection refused"),
        (PortAnswer(port=50000, reached=True), "said nothing: nobody listens behind it"),
        (PortAnswer(port=50000, reached=True, answer=b"SSH-2.0"), "it said 'SSH-2.0'"),
    ],
)
def test_an_agent_port_that_is_not_the_controllers_is_told(port: PortAnswer, said: str) -> None:
    failure = only_failure(replace(GOOD, agent_port=port))
    assert failure.check.id == "agent.port"
    assert said in failure.seen


def test_a_port_that_is_not_advertised_is_not_asked() -> None:
    report = judged(replace(GOOD, agent_port=PortAnswer(port=None, reached=False)))
    assert finding(report, "agent.port").status is Status.SKIPPED


def test_both_families_are_asked_the_same_paths() -> None:
    for family, controller in ((Family.HUDSON, HUDSON), (Family.JENKINS, JENKINS)):
        tried = trial("image:1", locked(family=family), TrialWishes())
        assert tried.controller == controller
        assert tried.paths[:4] == ("/", "/api/json", "/tcpSlaveAgentListener/", "/wsagents/")
        assert tried.paths[4:] == ("/systemInfo", "/script", "/scriptText")
