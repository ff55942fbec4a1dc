"""Judges a restart: the controller ends when told to, and comes back as it was.

The second boot is on the home of the first, with a root that cannot be written.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from builder.model.controller import GRACE_S
from builder.model.report import Ending, Finding, Observation, Relived, Status, Stopped, Trial
from builder.verify.booted import judge_boot
from builder.verify.checks import (
    LISTENER,
    RESTART_READONLY,
    RESTART_SAME,
    RESTART_STARTS,
    RESTART_STOPS,
    ROOT,
    Expectation,
)
from builder.verify.findings import NOT_READY, failed, passed, settled, skipped
from builder.verify.installed import unpacked
from builder.verify.log import BootLog

_CHECKS = (RESTART_STOPS, RESTART_STARTS, RESTART_READONLY, RESTART_SAME)
_KILLED = 137  # 128 and SIGKILL
_ENDED = (0, 143)  # by itself; 128 and SIGTERM
_READ_ONLY = "Read-only file system"


def restarted(trial: Trial) -> tuple[Trial, ...]:
    """Say how an image is booted to see a restart."""
    return trial, replace(trial, is_read_only=True, connects=False)


def judge_restart(
    expected: Expectation,
    seen: Observation,
    relived: Relived,
    findings: tuple[Finding, ...],
    log: BootLog,
) -> tuple[Finding, ...]:
    """Judge end and second start, where they were asked for.

    Args:
        expected: of the image.
        seen: the first boot.
        relived: with the second.
        findings: of the stock checks on the second boot.
        log: of the second boot.
    """
    if not relived.retrial.restarts:
        return ()
    again = relived.again
    if seen.stopped is None or again is None:
        return tuple(skipped(each, each.title, NOT_READY) for each in _CHECKS)
    stops = replace(judge_stop(seen.stopped), check=RESTART_STOPS)
    return (stops, *_started(expected, again, log), _same(seen, again, findings))


def judge_stop(stopped: Stopped) -> Finding:
    """Judge how a controller ended."""
    wanted = (
        f"it ends within {GRACE_S} s of SIGTERM, with exit code {' or '.join(map(str, _ENDED))}"
    )
    said = f"ended after {stopped.after_s:.1f} s with exit code {stopped.exit_code}"
    if stopped.exit_code == _KILLED:
        said = f"it did not end within {GRACE_S} s of SIGTERM, and was killed"
    if stopped.exit_code in _ENDED:
        return passed(RESTART_STOPS, wanted, said)
    return failed(RESTART_STOPS, wanted, said, stopped.log)


def _started(expected: Expectation, again: Observation, log: BootLog) -> tuple[Finding, Finding]:
    """Tell a start that fails from a root that had to be written."""
    wanted = RESTART_READONLY.title
    boot = replace(judge_boot(expected, again, log), check=RESTART_STARTS)
    if boot.status is Status.PASSED:
        return boot, passed(RESTART_READONLY, wanted, boot.seen)
    lines = tuple(line for line in again.log if _READ_ONLY in line)
    if lines:
        why = "not told: it needs to write to its root, which could not be written"
        return (
            skipped(RESTART_STARTS, RESTART_STARTS.title, why),
            failed(RESTART_READONLY, wanted, boot.seen, lines),
        )
    retold = failed(RESTART_STARTS, boot.expected, boot.seen, boot.evidence)
    return retold, skipped(RESTART_READONLY, wanted, "it did not start again")


def _same(seen: Observation, again: Observation, findings: tuple[Finding, ...]) -> Finding:
    wanted = "the same core, plugins and identity, and every check holds again"
    if again.ending is not Ending.READY:
        return skipped(RESTART_SAME, wanted, NOT_READY)
    faults = (
        *_differing(dict(_facts(seen)), dict(_facts(again))),
        *(f"{e.check.id}: {e.seen}" for e in findings if e.status is Status.FAILED),
    )
    return settled(RESTART_SAME, wanted, faults, f"the same {len(dict(_facts(again)))} facts")


def _differing(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name, "not there"), after.get(name, "not there")
        if was != is_now:
            yield f"{name}: {was}, after the restart {is_now}"


def _facts(seen: Observation) -> Iterator[tuple[str, str]]:
    """Give what no restart may change."""
    headers = {
        ROOT: ("X-Jenkins", "X-Hudson"),
        LISTENER: ("X-Instance-Identity", "X-Jenkins-JNLP-Port", "X-Hudson-JNLP-Port"),
    }
    for path, names in headers.items():
        if answer := seen.answer(path):
            yield f"status of {path}", str(answer.status)
            said = ((name, answer.header(name)) for name in names)
            yield from ((name, value) for name, value in said if value)
    if seen.agents and seen.agents.handshake.key:
        yield "key of the agent port", seen.agents.handshake.key.hex()
    for plugin, found in unpacked(seen.plugins or ()).items():
        yield f"plugin {plugin}", found.version or "no version"
