"""What is out of sight is skipped with its reason, and nothing else is."""

from msgspec.structs import replace

from builder.model.custom import LogWish
from builder.model.report import Ending, Observation, Part, Status
from builder.verify.custom import judge_custom
from tests.unit.verify.observations import GOOD, judged

WHY = ((Part.LOG, "no log"), (Part.FILES, "no files"))


def statuses(seen: Observation) -> dict[str, tuple[Status, str]]:
    return {e.check.id: (e.status, e.seen) for e in judged(seen).findings}


def test_checks_that_rest_on_what_is_out_of_sight_are_skipped() -> None:
    blind = replace(GOOD, log=(), plugins=None, unwritable=None, zombies=None, unseen=WHY)
    before, after = statuses(GOOD), statuses(blind)
    changed = {each: after[each] for each in after if after[each] != before[each]}
    assert changed.pop("plugins.present") == (Status.SKIPPED, "files: no files")
    assert changed.pop("hooks.ran") == (Status.SKIPPED, "log: no log")
    assert {status for status, _ in changed.values()} == {Status.SKIPPED}
    assert {said for _, said in changed.values()} == {"files: no files", "log: no log"}
    assert judged(blind).passed


def test_an_agent_port_out_of_reach_is_no_fault() -> None:
    far = replace(GOOD, unseen=((Part.AGENT_PORT, "far away"),))
    assert statuses(far)["agent.port"] == (Status.SKIPPED, "agent port: far away")
    assert statuses(far)["agent.listener"][0] is Status.PASSED


def test_lines_of_a_log_that_was_not_read_are_neither_there_nor_absent() -> None:
    wish = LogWish(id="a", pattern="x", is_absent=True)
    (found,) = judge_custom((wish,), replace(GOOD, unseen=WHY))
    assert (found.status, found.seen) == (Status.SKIPPED, "log: no log")


def test_a_controller_that_ran_already_and_is_down_fails() -> None:
    down = replace(GOOD, ending=Ending.DOWN, answers=(replace(GOOD.answers[0], status=503),))
    status, said = statuses(down)["boot.ready"]
    assert (status, said) == (Status.FAILED, "answers 503: it is starting, or its boot has failed")
    up = replace(GOOD, ready_after_s=None)
    assert statuses(up)["boot.ready"][1].startswith("up already")
