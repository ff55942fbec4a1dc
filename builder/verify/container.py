"""Judges what a container needs to live long: a home it may write, a first process that reaps."""

from builder.model.report import Check, Ending, Finding, Observation
from builder.verify.checks import HOME_WRITABLE, PROCESS_REAPS
from builder.verify.findings import NOT_READY, settled, skipped

_UNREADABLE = "the container could not be looked into"


def judge_container(seen: Observation) -> tuple[Finding, ...]:
    """Judge the home, and the first process."""
    return (
        _judged(HOME_WRITABLE, seen, seen.unwritable, "all of it"),
        _judged(PROCESS_REAPS, seen, seen.zombies, "none was left"),
    )


def _judged(check: Check, seen: Observation, faults: tuple[str, ...] | None, well: str) -> Finding:
    if seen.ending is not Ending.READY:
        return skipped(check, check.title, NOT_READY)
    if faults is None:
        return skipped(check, check.title, _UNREADABLE)
    return settled(check, check.title, faults, well)
