"""Whether the controller came up, and if not, which of the many ways it took."""

from builder.model.answer import Answer
from builder.model.controller import HTTP_PORT
from builder.model.report import Ending, Finding, Observation
from builder.verify.boot_causes import Cause, cause
from builder.verify.checks import BOOT_CONFIG, ROOT, Expectation, boot_ready, mebibytes
from builder.verify.findings import NOT_READY, failed, passed, skipped
from builder.verify.log import BootLog

_KILLED = 137  # 128 and SIGKILL
_TERMINATED = 143  # 128 and SIGTERM
_TAIL = 5
_MORE_MEMORY = "give the trial more memory"


def judge_boot(expected: Expectation, seen: Observation, log: BootLog) -> Finding:
    """Judge how the wait for the controller ended."""
    check = boot_ready(expected.memory, expected.timeout_s)
    wanted = f"ready within {expected.timeout_s:g} s"
    if seen.ending is Ending.READY:
        return passed(check, wanted, _ready(seen, log), _course(seen, log))
    if seen.ending is Ending.DOWN:
        return failed(check, "up", _down(seen.answer(ROOT)))
    known = cause(log.failed_boot or seen.log)
    evidence = known.evidence if known else ()
    if seen.ending is Ending.FAILED_BOOT:
        said = f"the boot failed: {log.failed_boot_cause or 'the controller did not say why'}"
        evidence = log.failed_boot
    elif seen.ending is Ending.EXITED:
        said = _exited(expected, seen, log, known)
    else:
        said = _timed_out(expected, seen, log)
    hint = _MORE_MEMORY if seen.oom_killed else known.mend if known else None
    return failed(check, wanted, said, evidence or seen.log[-_TAIL:], hint)


def _down(root: Answer | None) -> str:
    if root is None or root.status is None:
        return f"nothing answers: {root.error if root else 'never asked'}"
    return f"answers {root.status}: it is starting, or its boot has failed"


def judge_config_read(seen: Observation, log: BootLog) -> Finding:
    """Judge a ``config.xml`` that a boot may survive although its end is missing."""
    wanted = BOOT_CONFIG.title
    if log.damaged_config:
        said = "config.xml is cut off or no XML: what stood behind the fault is lost"
        return failed(BOOT_CONFIG, wanted, said, log.damaged_config)
    if seen.ending is not Ending.READY:
        return skipped(BOOT_CONFIG, wanted, NOT_READY)
    return passed(BOOT_CONFIG, wanted, "no fault of it in the log")


def _ready(seen: Observation, log: BootLog) -> str:
    after = f"ready after {seen.ready_after_s:.1f} s" if seen.ready_after_s else "up already"
    peak = f", {mebibytes(seen.peak_memory)} of memory at most" if seen.peak_memory else ""
    count = len(log.others)
    others = f"; {count} other {'warnings' if count > 1 else 'warning'} in the log" if count else ""
    return after + peak + others


def _course(seen: Observation, log: BootLog) -> tuple[str, ...]:
    """Give the phases of the boot, then the first of the warnings that are only counted."""
    phases = (f"{each.at_s:.1f} s: {each.name}" for each in seen.phases)
    others = (f"{each.level}: {each.message}" for each in log.others[:_TAIL])
    return (*phases, *others)


def _exited(expected: Expectation, seen: Observation, log: BootLog, known: Cause | None) -> str:
    if seen.oom_killed:
        return f"killed: memory too small: limit {mebibytes(expected.memory)}"
    said = {
        _KILLED: f"the container was killed (exit code {_KILLED}), not for its memory limit",
        _TERMINATED: f"the container was told to end (exit code {_TERMINATED}, SIGTERM)",
    }.get(seen.exit_code or 0, f"the container ended by itself with exit code {seen.exit_code}")
    return f"{said}{f': {known.words}' if known else ''}; {_reached(log)}"


def _timed_out(expected: Expectation, seen: Observation, log: BootLog) -> str:
    root = seen.answer(ROOT)
    status = root.status if root else None
    said = {
        None: f"nothing answered on port {HTTP_PORT}",
        503: "still starting (503)",
    }.get(status, f"answered {status}, and the log never said that it is ready")
    if log.ready:
        said += ", though the log says that it is ready"
    return f"{said} after {expected.timeout_s:g} s; {_reached(log)}"


def _reached(log: BootLog) -> str:
    return f"last milestone: {log.milestone}" if log.milestone else "initialization never began"
