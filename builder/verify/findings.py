"""Findings, in the three ways a check can end."""

from builder.model.report import Check, Finding, Status
from builder.verify.hints import HINTS

NOT_READY = "the controller never became ready"
_SHOWN = 5  # faults that are named in one sentence; all of them are evidence


def passed(check: Check, expected: str, seen: str, evidence: tuple[str, ...] = ()) -> Finding:
    """Make the finding of a check that holds."""
    return Finding(
        check=check, status=Status.PASSED, expected=expected, seen=seen, evidence=evidence
    )


def failed(
    check: Check, expected: str, seen: str, evidence: tuple[str, ...] = (), hint: str | None = None
) -> Finding:
    """Make the finding of a check that does not hold; without a hint of its own, the check's."""
    return Finding(
        check=check,
        status=Status.FAILED,
        expected=expected,
        seen=seen,
        hint=hint or HINTS[check.id],
        evidence=evidence,
    )


def skipped(check: Check, expected: str, reason: str) -> Finding:
    """Make the finding of a check that could not be looked at."""
    return Finding(check=check, status=Status.SKIPPED, expected=expected, seen=reason)


def settled(check: Check, expected: str, faults: tuple[str, ...], well: str) -> Finding:
    """Make a finding out of all faults that were found; none means that the check holds."""
    if not faults:
        return passed(check, expected, well)
    return failed(check, expected, summary(faults), faults)


def summary(faults: tuple[str, ...]) -> str:
    """Name the first few faults and count the rest."""
    more = len(faults) - _SHOWN
    return "; ".join(faults[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
