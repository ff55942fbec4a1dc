"""Judges restarts: each way to end and to come back is told from the others."""

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.report import (
    Ending,
    Finding,
    Observation,
    Relived,
    Report,
    Retrial,
    Status,
    Stopped,
)
from builder.verify.checks import listed
from builder.verify.judge import judge
from builder.verify.restart import restarted
from tests.unit.verify.observations import (
    EXPECTED,
    GOOD,
    LISTENER,
    NOT_READY,
    TRIAL,
    B,
    finding,
    installed,
    judged,
    with_answer,
)

RESTART = Retrial(restarts=True)
STOPPED = Stopped(after_s=1.25, exit_code=143, log=("INFO: bye",))
FIRST = replace(GOOD, stopped=STOPPED)
CHECKS = ("restart.stops", "restart.starts", "restart.readonly", "restart.same")


def relived(again: Observation | None, seen: Observation = FIRST) -> Report:
    return judge(EXPECTED, seen, Relived(retrial=RESTART, again=again))


def failures(report: Report) -> dict[str, Finding]:
    return {each.check.id: each for each in report.findings if each.status is Status.FAILED}


def test_the_second_boot_is_on_a_root_that_cannot_be_written() -> None:
    first, second = restarted(TRIAL)
    assert (first, second) == (TRIAL, replace(TRIAL, is_read_only=True))


def test_a_controller_that_comes_back_as_it_was_passes() -> None:
    report = relived(GOOD)
    assert [finding(report, each).status for each in CHECKS] == [Status.PASSED] * 4
    assert finding(report, "restart.stops").seen == "ended after 1.2 s with exit code 143"
    assert tuple(each.check for each in report.findings) == listed(
        memory=512 * 1024**2, timeout_s=90, has_hooks=True, retrial=RESTART
    )


def test_nothing_is_said_of_a_restart_that_was_not_asked_for() -> None:
    assert not {each.check.id for each in judged(GOOD).findings} & set(CHECKS)


@pytest.mark.parametrize("seen", [NOT_READY, GOOD])
def test_without_a_first_life_there_is_no_second(seen: Observation) -> None:
    report = relived(None, seen)
    assert {finding(report, each).status for each in CHECKS} == {Status.SKIPPED}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (137, "it did not end within 30 s of SIGTERM, and was killed"),
        (1, "ended after 1.2 s with exit code 1"),
    ],
)
def test_a_controller_that_does_not_end_well_is_told_with_its_last_words(
    code: int, said: str
) -> None:
    stopped = replace(STOPPED, exit_code=code)
    (failure,) = failures(relived(GOOD, replace(GOOD, stopped=stopped))).values()
    assert (failure.check.id, failure.seen) == ("restart.stops", said)
    assert failure.evidence == ("INFO: bye",)


def test_an_end_by_itself_is_one() -> None:
    assert not failures(relived(GOOD, replace(GOOD, stopped=replace(STOPPED, exit_code=0))))


def test_a_start_that_fails_is_told_from_a_root_that_had_to_be_written() -> None:
    exited = replace(NOT_READY, ending=Ending.EXITED, exit_code=2, log=("before", "after"))
    failed = failures(relived(exited))
    assert set(failed) == {"restart.starts"}
    assert "exit code 2" in failed["restart.starts"].seen
    line = "sh: 1: cannot create /var/tmp/x: Read-only file system"
    report = relived(replace(exited, log=("before", line)))
    assert set(failures(report)) == {"restart.readonly"}
    assert failures(report)["restart.readonly"].evidence == (line,)
    assert finding(report, "restart.starts").status is Status.SKIPPED
    assert finding(report, "restart.same").status is Status.SKIPPED


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (
            replace(GOOD, plugins=(installed("a", "1.1"), B)),
            "plugin a: 1.0, after the restart 1.1",
        ),
        (replace(GOOD, plugins=(B,)), "plugin a: 1.0, after the restart not there"),
        (
            with_answer(
                replace(LISTENER, headers=(*LISTENER.headers, ("X-Instance-Identity", "k")))
            ),
            "X-Instance-Identity: not there, after the restart k",
        ),
        (with_answer(Answer(path="/", status=500)), "status of /: 200, after the restart 500"),
        (replace(GOOD, zombies=("9 (x)",)), "process.reaps: 9 (x)"),
    ],
)
def test_what_a_restart_changes_is_named(again: Observation, said: str) -> None:
    failed = failures(relived(again))
    assert set(failed) == {"restart.same"}
    assert said in failed["restart.same"].evidence
