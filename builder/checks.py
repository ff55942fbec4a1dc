"""For checks in Python: what they see, and the findings that they give back.

A package names them in the entry point group ``jbuild.checks``; see docs/checks.md.
"""

from collections.abc import Callable, Iterable, Iterator
from traceback import format_exception_only

from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.report import Check, Ending, Finding, InstalledPlugin, Observation
from builder.model.report import Status as _Status
from builder.verify.findings import passed, skipped

__all__ = [
    "Answer",
    "Check",
    "Ending",
    "Finding",
    "InstalledPlugin",
    "Judge",
    "Observation",
    "failed",
    "judged",
    "passed",
    "skipped",
]

Judge = Callable[[Observation], Iterable[Finding]]
"""Looks at what was seen of a controller, and gives its findings."""

_MEND = "the check is a package's own: mend the image, or the package"


def failed(
    check: Check, expected: str, seen: str, evidence: tuple[str, ...] = (), hint: str = _MEND
) -> Finding:
    """Make the finding of a check that does not hold."""
    return Finding(
        check=check,
        status=_Status.FAILED,
        expected=expected,
        seen=seen,
        hint=hint,
        evidence=evidence,
    )


def judged(judges: tuple[tuple[str, Judge], ...], seen: Observation) -> Iterator[Finding]:
    """Give the findings of every judge, their ids behind its name; one that breaks has failed.

    Args:
        judges: by the name of their entry point.
        seen: one boot, or one visit.
    """
    for name, judge in judges:
        try:
            found = tuple(judge(seen))
            yield from (
                replace(each, check=replace(each.check, id=f"{name}.{each.check.id}"))
                for each in found
            )
        except Exception as fault:  # noqa: BLE001  # a stranger's code: whatever it raises
            said = "".join(format_exception_only(fault)).strip()
            check = Check(id=name, title=f"the checks of {name} ran")
            yield failed(check, check.title, said.splitlines()[-1], tuple(said.splitlines()))
