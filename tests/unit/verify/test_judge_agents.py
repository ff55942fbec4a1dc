"""Judges agent ports: one thing is wrong with each, and its check alone says so."""

import base64

import pytest
from msgspec.structs import replace

from builder.model.agents import AgentTalk, Handshake, Spoken
from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.report import Observation, PortAnswer, Status
from tests.unit.verify.observations import GOOD, HUDSON_TALK, finding, judged, locked

KEY = b"a key"
SHAKE = Handshake(
    protocol="JNLP4-connect",
    greeting=b"\x00\x03ACK",
    key=KEY,
    frames=('{"JnlpAgentProtocol.cookie":"b1"}', "ERROR: Unknown client name: jbuild-probe"),
)
TALK = AgentTalk(
    page=Spoken(
        answer=b"HTTP/1.0 200 OK\r\n\r\nJenkins-Version: 2.346.3\r\nJenkins-Session: 3f\r\n"
    ),
    nonsense=Spoken(answer=b"Unknown protocol:\n"),
    handshake=SHAKE,
)
ROOT = Answer(path="/", status=403, headers=(("X-Jenkins", "2.346.3"), ("X-Jenkins-Session", "3f")))
LISTENER = Answer(
    path="/tcpSlaveAgentListener/",
    status=200,
    headers=(
        ("X-Jenkins-JNLP-Port", "50000"),
        ("X-Instance-Identity", base64.b64encode(KEY).decode()),
        ("X-Jenkins-Agent-Protocols", "JNLP4-connect, Ping"),
    ),
)
WEBSOCKET = Answer(path="/wsagents/", status=400)
OTHER_SESSION = replace(ROOT, headers=(ROOT.headers[0], ("X-Jenkins-Session", "4a")))
PING_ALONE = replace(
    LISTENER, headers=(*LISTENER.headers[:2], ("X-Jenkins-Agent-Protocols", "Ping"))
)


def seen(talk: AgentTalk | None = TALK, *answers: Answer) -> Observation:
    api = Answer(path="/api/json", status=403, headers=ROOT.headers)
    kept = {each.path: each for each in (ROOT, api, LISTENER, WEBSOCKET, *answers)}
    port = PortAnswer(port=50000, reached=True, answer=b"Ping\n")
    return replace(GOOD, answers=tuple(kept.values()), agent_port=port, agents=talk)


def statuses(observed: Observation, family: Family = Family.JENKINS) -> dict[str, Status]:
    core = "2.346.3" if family is Family.JENKINS else "3.3.2"
    report = judged(observed, locked(family=family, core=core))
    return {each.check.id: each.status for each in report.findings}


def without(name: str) -> Answer:
    return replace(LISTENER, headers=tuple(each for each in LISTENER.headers if each[0] != name))


def with_shake(**changes: object) -> AgentTalk:
    return replace(TALK, handshake=replace(SHAKE, **changes))


def test_a_jenkins_that_is_well_passes_every_step() -> None:
    found = statuses(seen())
    steps = {each: status for each, status in found.items() if each.startswith("agent.")}
    assert steps.pop("agent.remoting") is Status.SKIPPED  # no file names an agent
    assert len(steps) == 7
    assert set(steps.values()) == {Status.PASSED}


@pytest.mark.parametrize(
    ("observed", "check"),
    [
        (seen(replace(TALK, page=Spoken(answer=b"SSH-2.0-x\r\n"))), "agent.owner"),
        (seen(TALK, OTHER_SESSION), "agent.owner"),
        (seen(replace(TALK, nonsense=Spoken(answer=b"Hello"))), "agent.protocols"),
        (seen(TALK, PING_ALONE), "agent.protocols"),
        (seen(with_shake(greeting=b"Disab", key=KEY)), "agent.handshake"),
        (seen(with_shake(frames=SHAKE.frames[:1])), "agent.handshake"),
        (seen(with_shake(frames=("{}", "OK"))), "agent.handshake"),
        (seen(with_shake(key=b"another key")), "agent.identity"),
        (seen(TALK, without("X-Instance-Identity")), "agent.identity"),
        (seen(TALK, replace(WEBSOCKET, status=502)), "agent.websocket"),
        (seen(TALK, replace(WEBSOCKET, status=404)), "agent.websocket"),
    ],
)
def test_each_fault_is_told_by_its_check_alone(observed: Observation, check: str) -> None:
    found = statuses(observed)
    assert [each for each, status in found.items() if status is Status.FAILED] == [check]


def test_a_key_that_was_not_shown_is_not_compared() -> None:
    found = statuses(seen(with_shake(key=None, frames=())))
    assert found["agent.handshake"] is Status.FAILED
    assert found["agent.identity"] is Status.SKIPPED


def test_a_core_without_websocket_is_told_as_such() -> None:
    report = judged(
        seen(TALK, replace(WEBSOCKET, status=404)), locked(family=Family.JENKINS, core="2.204.6")
    )
    assert "2.217" in finding(report, "agent.websocket").seen


def test_hudson_is_held_to_what_it_has() -> None:
    found = statuses(replace(GOOD, agents=HUDSON_TALK), Family.HUDSON)
    assert found["agent.protocols"] is Status.PASSED
    assert found["agent.handshake"] is Status.PASSED
    skips = {each for each, status in found.items() if status is Status.SKIPPED}
    assert {each for each in skips if each.startswith("agent.")} == {
        "agent.owner",
        "agent.identity",
        "agent.websocket",
        "agent.remoting",
    }


def test_a_hudson_that_says_nothing_to_an_agent_fails() -> None:
    mute = replace(HUDSON_TALK, handshake=Handshake(protocol="JNLP2-connect"))
    found = statuses(replace(GOOD, agents=mute), Family.HUDSON)
    assert found["agent.handshake"] is Status.FAILED


def test_a_port_that_was_not_reached_is_not_judged_further() -> None:
    found = statuses(seen(None))
    assert found["agent.handshake"] is Status.SKIPPED
    assert found["agent.websocket"] is Status.PASSED
