"""Judges what came of a real agent, with the words of recorded ones."""

import re

import pytest
from msgspec.structs import replace

from builder.model.agents import AgentRun
from builder.model.report import Finding, Relived, Retrial, Status
from builder.verify.checks import listed
from builder.verify.judge import judge
from tests.fakes.recorded_jenkins import RECORDED, is_there
from tests.unit.verify.observations import EXPECTED, GOOD, NOT_READY, finding, judged

CONNECTS = Relived(retrial=Retrial(connects=True))
needs_recordings = pytest.mark.skipif(
    not is_there(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)


def of(run: AgentRun | None) -> Finding:
    return finding(judge(EXPECTED, replace(GOOD, agent=run), CONNECTS), "agent.connects")


def recorded(title: str) -> tuple[str, ...]:
    text = (RECORDED / "agent-port" / "real-agent-output.txt").read_text()
    parts = dict(each.split("\n", 1) for each in re.split(r"^## ", text, flags=re.MULTILINE)[1:])
    return tuple(parts[title].splitlines()[1:])


@needs_recordings
def test_an_agent_that_is_online_passes_with_its_words() -> None:
    found = of(AgentRun(is_online=True, log=recorded("agent1 with its secret")))
    assert (found.status, found.seen) == (Status.PASSED, "online; INFO: Connected")


@needs_recordings
def test_an_agent_that_is_refused_fails_with_its_last_words() -> None:
    found = of(AgentRun(log=recorded("agent1 with a wrong secret")))
    assert found.status is Status.FAILED
    assert found.seen.startswith("not online; ")
    assert any("Authorization failure" in line or "secret" in line for line in found.evidence)


def test_an_agent_that_says_nothing_fails() -> None:
    assert of(AgentRun()).seen == "not online; it said nothing"


def test_where_no_node_can_be_made_it_is_skipped_with_the_answer() -> None:
    found = of(AgentRun(refused="/computer/doCreateItem answered 403"))
    assert found.status is Status.SKIPPED
    assert found.seen.endswith("/computer/doCreateItem answered 403")


def test_it_is_judged_where_it_was_wished_and_the_controller_is_ready() -> None:
    assert "agent.connects" not in {each.check.id for each in judged(GOOD).findings}
    found = finding(judge(EXPECTED, NOT_READY, CONNECTS), "agent.connects")
    assert found.status is Status.SKIPPED
    checks = tuple(each.check for each in judge(EXPECTED, GOOD, CONNECTS).findings)
    assert checks == listed(
        memory=512 * 1024**2, timeout_s=90, has_hooks=True, retrial=CONNECTS.retrial
    )
