"""Judges boots and hooks: one thing is wrong with each observation, and the report says which."""

from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.lock import InputPin
from builder.model.report import Ending, Observation, Status
from builder.verify.checks import hooks, listed
from tests.unit.verify.observations import (
    EMPTY,
    GOOD,
    LOGS,
    NOT_READY,
    finding,
    judged,
    locked,
    only_failure,
)

NEEDS_READY = {
    "boot.config",
    "plugins.loaded",
    "hooks.clean",
    "plugins.present",
    "plugins.unexpected",
    "plugins.dependencies",
    "plugins.core",
    "hooks.ran",
    "home.writable",
    "process.reaps",
    "http.root",
    "http.api",
    "agent.listener",
    "agent.port",
    *(f"agent.{each}" for each in ("owner", "protocols", "handshake", "identity", "websocket")),
}


def test_an_image_that_is_as_locked_passes_every_check_that_its_family_has() -> None:
    report = judged(GOOD)
    skips = {each.check.id for each in report.findings if each.status is Status.SKIPPED}
    hudson_lacks = {f"agent.{e}" for e in ("owner", "identity", "websocket", "remoting")}
    assert skips == hudson_lacks | {"login.works", "plugins.active"}
    assert Status.FAILED not in {each.status for each in report.findings}
    assert report.passed
    assert (report.image, report.family, report.version) == ("image:1", "hudson", "3.3.2")
    assert report.log_tail == ()
    assert finding(report, "boot.ready").seen == "ready after 4.2 s, 300 MiB of memory at most"


def test_findings_stand_in_the_order_of_the_checks() -> None:
    for seen in (GOOD, NOT_READY):
        found = tuple(each.check for each in judged(seen).findings)
        assert found == listed(memory=512 * 1024**2, timeout_s=90, has_hooks=True)


def test_only_groovy_files_right_in_the_folder_are_hooks() -> None:
    lock = locked()
    deeper = InputPin(path=PurePosixPath("init.groovy.d/sub/x.groovy"), digest=EMPTY)
    assert hooks(replace(lock, inputs=(*lock.inputs, deeper))) == ("10-message.groovy",)


def test_without_hooks_none_has_to_run() -> None:
    report = judged(GOOD, replace(locked(), inputs=()))
    found = tuple(each.check for each in report.findings)
    assert found == listed(memory=512 * 1024**2, timeout_s=90, has_hooks=False)
    assert "hooks.ran" not in {each.id for each in found}
    assert report.passed


EXITED = replace(NOT_READY, ending=Ending.EXITED)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (
            replace(EXITED, exit_code=137, oom_killed=True),
            "killed: memory too small: limit 512 MiB",
        ),
        (
            replace(EXITED, exit_code=137),
            "the container was killed (exit code 137), not for its memory limit",
        ),
        (replace(EXITED, exit_code=0), "the container ended by itself with exit code 0"),
        (
            replace(NOT_READY, answers=(Answer(path="/", status=None),)),
            "nothing answered on port 8080 after 90 s",
        ),
        (
            replace(NOT_READY, answers=(Answer(path="/", status=503),)),
            "still starting (503) after 90 s",
        ),
        (
            replace(NOT_READY, answers=(Answer(path="/", status=500),)),
            "answered 500, and the log never said",
        ),
        (
            replace(
                NOT_READY,
                ending=Ending.FAILED_BOOT,
                log=(
                    "Nov 3, 2026 2:24:56 PM hudson.WebAppMain run",
                    "SEVERE: Failed to initialize Hudson",
                    "a.B: outer",
                    "Caused by: java.io.IOException: inner",
                ),
            ),
            "the boot failed: java.io.IOException: inner",
        ),
    ],
)
def test_a_boot_that_fails_is_told_from_every_other(seen: Observation, said: str) -> None:
    failure = finding(judged(seen), "boot.ready")
    assert failure.status is Status.FAILED
    assert failure.seen.startswith(said)
    stock = "read the last lines of the log, upwards"
    assert failure.hint == ("give the trial more memory" if seen.oom_killed else stock)


def test_a_heap_too_small_hints_at_memory() -> None:
    log = ("Exception: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler",)
    failure = finding(
        judged(replace(NOT_READY, ending=Ending.EXITED, exit_code=1, log=("before", *log))),
        "boot.ready",
    )
    assert "exit code 1: Java ran out of memory" in failure.seen
    assert (failure.hint, failure.evidence) == ("give the trial more memory", log)


def test_the_last_milestone_tells_how_far_a_boot_came() -> None:
    cut = GOOD.log.index("INFO: Prepared all plugins") + 1
    report = judged(replace(NOT_READY, log=GOOD.log[:cut]))
    assert finding(report, "boot.ready").seen.endswith("last milestone: Prepared all plugins")


@pytest.mark.parametrize("ending", [Ending.TIMED_OUT, Ending.EXITED, Ending.FAILED_BOOT])
def test_without_a_ready_controller_nothing_that_needs_one_passes(ending: Ending) -> None:
    report = judged(replace(NOT_READY, ending=ending, log=(*GOOD.log[:20], *("x",) * 40)))
    skipped = {each.check.id for each in report.findings if each.status is Status.SKIPPED}
    assert skipped >= NEEDS_READY
    assert {each.seen for each in report.findings if each.check.id in NEEDS_READY} == {
        "the controller never became ready"
    }
    assert report.log_tail == ("x",) * 30
    assert not report.passed


def test_a_log_with_failed_plugins_and_hooks_fails_their_checks_with_the_lines() -> None:
    log = (LOGS / "hudson-broken-plugins-and-hooks.log").read_text().splitlines()
    report = judged(replace(GOOD, log=tuple(log)))
    failed = {each.check.id for each in report.findings if each.status is Status.FAILED}
    assert failed == {"plugins.loaded", "hooks.clean"}
    loaded = finding(report, "plugins.loaded")
    assert "analysis-core: Dependency jfreechart-plugin (1.4) doesn't exist" in loaded.seen
    assert "SEVERE: Failed Loading plugin analysis-core" in loaded.evidence
    hook = finding(report, "hooks.clean")
    assert "b.groovy throws: java.lang.IllegalStateException: boom" in hook.seen
    assert "c.groovy does not compile: " in hook.seen


def test_a_failed_boot_still_tells_which_plugins_had_failed() -> None:
    log = (LOGS / "hudson-broken-plugins-and-hooks.log").read_text().splitlines()
    report = judged(replace(NOT_READY, ending=Ending.FAILED_BOOT, log=tuple(log)))
    assert finding(report, "plugins.loaded").status is Status.FAILED


def test_a_hook_that_was_not_executed_is_told_with_the_way_out() -> None:
    lines = tuple(each for each in GOOD.log if "Executing" not in each)
    failure = only_failure(replace(GOOD, log=lines))
    assert (failure.check.id, failure.seen) == ("hooks.ran", "not executed: 10-message.groovy")
    assert failure.hint == "Hudson executes hooks only with the plugin groovy-support-plugin"


def test_a_hook_that_was_executed_twice_is_told() -> None:
    (at,) = (number for number, line in enumerate(GOOD.log) if "Executing" in line)
    lines = (*GOOD.log, *GOOD.log[at - 1 : at + 1])
    failure = only_failure(replace(GOOD, log=lines))
    assert failure.check.id == "hooks.ran"
    assert failure.seen == "executed more than once: 10-message.groovy"
