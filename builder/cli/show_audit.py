"""Findings of an audit: for people the heaviest first, for machines one document."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import click

from builder.cli.shapes import document
from builder.model.audit import AuditFinding, Severity

_FOLDED = 3  # more notes of one kind than this become one line
_MARGIN = " " * 9

Findings = tuple[AuditFinding, ...]


def findings(found: Findings) -> str:
    """Show what counts with its way out, then what is allowed, then how much there is of each."""
    counts = [each for each in found if each.counts]
    notes = [each for each in counts if each.severity is Severity.NOTE]
    heavy = [each for each in counts if each.severity is not Severity.NOTE]
    lines = [line for group in _by_remedy(heavy) for line in _in_full(group)]
    lines += [line for group in _by_kind(notes) for line in _notes(group)]
    lines += [_allowed(each) for each in found if not each.counts]
    return "\n".join([*lines, _summary(found)])


def tell(found: Findings, *, quiet: int) -> None:
    """Tell findings on stderr, beside whatever a command answers."""
    if found and not quiet:
        click.echo(findings(found), err=True)


def findings_json(found: Findings, *, core: str, passed: bool) -> str:
    """Print an audit as a document."""
    return document({"core": core, "passed": passed, "findings": findings_facts(found)})


def findings_facts(found: Findings) -> list[dict[str, object]]:
    """Give findings as plain values."""
    return [
        {
            "id": each.id,
            "severity": each.severity.value,
            "subject": each.subject,
            "sentence": plain(each.sentence),
            "evidence": [plain(one) for one in each.evidence],
            "way_out": each.way_out,
            "fixed_by": each.fixed_by,
            "allowed": _allowance(each),
        }
        for each in found
    ]


def plain(text: str) -> str:
    """Put blanks for what would move a terminal's cursor: the prose comes from outside."""
    return "".join(each if each.isprintable() else " " for each in text)


def _allowance(finding: AuditFinding) -> dict[str, object] | None:
    if finding.allowance is None:
        return None
    until = finding.allowance.until
    return {
        "until": None if until is None else str(until),
        "why": finding.allowance.why,
        "at": str(finding.allowance.place),
    }


def _by_remedy(some: Iterable[AuditFinding]) -> Iterator[list[AuditFinding]]:
    """Put neighbours together that one way out settles."""
    for _, group in groupby(some, key=lambda each: (each.subject, each.way_out)):
        yield list(group)


def _in_full(group: list[AuditFinding]) -> Iterator[str]:
    yield from (_in_short(each, each.id) for each in group)
    if group[0].way_out:
        yield f"{_MARGIN}way out: {plain(group[0].way_out)}"
    for each in dict.fromkeys(one for finding in group for one in finding.evidence[:1]):
        yield f"{_MARGIN}see: {plain(each)}"


def _in_short(finding: AuditFinding, name: str) -> str:
    return f"{finding.severity.value.ljust(8)} {name}  {plain(finding.sentence)}"


def _by_kind(notes: Iterable[AuditFinding]) -> list[list[AuditFinding]]:
    """Put notes together whose ids begin alike, such as all of ``trust:``."""
    groups: dict[str, list[AuditFinding]] = {}
    for each in notes:
        groups.setdefault(each.id.partition(":")[0], []).append(each)
    return list(groups.values())


def _notes(group: list[AuditFinding]) -> Iterator[str]:
    if len(group) <= _FOLDED:
        for some in _by_remedy(group):
            yield from _in_full(some)
        return
    kind = group[0].id.partition(":")[0]
    yield _in_short(group[0], f"{kind} ({len(group)})")
    yield f"{_MARGIN}and so for {', '.join(each.subject for each in group[1:])}"


def _allowed(finding: AuditFinding) -> str:
    given = finding.allowance
    until = f" until {given.until}" if given and given.until else ""
    why = f" ({given.why})" if given and given.why else ""
    return f"allowed  {finding.id}  {plain(finding.sentence)}{until}{why}"


def _summary(found: Findings) -> str:
    counted = [
        (sum(e.counts and e.severity is each for e in found), each.value) for each in Severity
    ]
    allowed = sum(not each.counts for each in found)
    said = ", ".join(_several(count, name) for count, name in counted)
    return f"{said}, {allowed} allowed"


def _several(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
