"""A controller of which no lock is known is held to what holds of every one."""

import pytest
from msgspec.structs import replace

from builder.doctor import told_of
from builder.model.answer import Answer
from builder.model.report import Ending, Observation
from builder.verify.unlocked import judge_unlocked, looking
from tests.unit.verify.observations import GOOD, with_answer

_TRIAL = looking("container:a")


def told(seen: Observation) -> list[str]:
    return [each.id for each in told_of("container:a", seen, judge_unlocked(_TRIAL, seen))]


def test_a_good_one_of_either_family_is_left_alone() -> None:
    assert told(GOOD) == []


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (with_answer(Answer(path="/tcpSlaveAgentListener/", status=404)), "agent.listener"),
        (replace(GOOD, zombies=("12 sh",)), "process.reaps"),
        (replace(GOOD, unwritable=("/var/jenkins_home",)), "home.writable"),
        (replace(GOOD, log=(*GOOD.log, "errors when auth with ks")), "token-server"),
        (
            replace(GOOD, ending=Ending.DOWN, answers=(Answer(path="/", status=503),)),
            "boot.ready",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_way_out(seen: Observation, wanted: str) -> None:
    found = told_of("container:a", seen, judge_unlocked(_TRIAL, seen))
    assert [each.id for each in found] == [wanted]
    assert found[0].way_out
    assert found[0].subject.startswith("container:a")
