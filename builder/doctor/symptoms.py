"""Lines of logs, of controllers and agents, and what they mean.

Source: recordings of Jenkins 2.346.3 and its agents, and what operators of KubeSphere report.
"""

import re
from collections.abc import Iterable
from functools import cache

import msgspec
from msgspec import Struct

from builder import data
from builder.model.audit import AuditFinding, Severity, found_at, heaviest_first
from builder.model.report import Finding, Observation, Status

_SHOWN = 200  # characters of a line


class Symptom(Struct, frozen=True, kw_only=True):
    """One thing that a log may say."""

    id: str
    severity: Severity
    text: str  # a regular expression that a line matches somewhere
    cause: str
    mend: str


@cache
def symptoms() -> tuple[Symptom, ...]:
    """List them in the order of the page."""
    return msgspec.json.decode(data.text("symptoms.json"), type=tuple[Symptom, ...])


def told_by(name: str, lines: Iterable[str]) -> tuple[AuditFinding, ...]:
    """Find every symptom once, with its first line and how often it comes.

    Args:
        name: of the log.
        lines: of any length and number; they are read once.
    """
    shapes = [(each, re.compile(each.text)) for each in symptoms()]
    first: dict[str, tuple[int, str]] = {}
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        for each, shape in shapes:
            if shape.search(line):
                first.setdefault(each.id, (number, line.strip()))
                counts[each.id] = counts.get(each.id, 0) + 1
    found = (each for each, _ in shapes if each.id in first)
    made = (_finding(each, name, *first[each.id], counts[each.id]) for each in found)
    return heaviest_first(made)


def told_of(
    place: str, seen: Observation, findings: tuple[Finding, ...]
) -> tuple[AuditFinding, ...]:
    """Tell what is wrong with a controller that runs: by its log, and by what was asked of it."""
    failed = (
        found_at(
            place,
            id=each.check.id,
            severity=Severity.ERROR,
            sentence=f"{each.check.title}: wanted {each.expected}, seen {each.seen}",
            evidence=each.evidence[:1],
            way_out=each.hint or "",
        )
        for each in findings
        if each.status is Status.FAILED
    )
    return heaviest_first((*told_by(f"{place}: log", seen.log), *failed))


def _finding(symptom: Symptom, name: str, number: int, line: str, count: int) -> AuditFinding:
    often = f" ({count} lines)" if count > 1 else ""
    return found_at(
        f"{name}:{number}",
        id=symptom.id,
        severity=symptom.severity,
        sentence=f"{symptom.cause}{often}",
        evidence=(line[:_SHOWN],),
        way_out=symptom.mend,
    )
