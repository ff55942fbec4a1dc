"""What a team has accepted: allowances that cover findings, until their day has passed."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from builder.model.audit import AuditFinding, Severity
from builder.model.formula import Allowance

Findings = tuple[AuditFinding, ...]


def cover(findings: Findings, allowed: tuple[Allowance, ...], today: date) -> Findings:
    """Mark each finding with the allowance that covers it; its last day still counts."""
    live = {each.id: each for each in reversed(allowed) if not _has_ended(each, today)}
    return tuple(replace(each, allowance=live.get(each.id)) for each in findings)


def idle(findings: Findings, allowed: tuple[Allowance, ...], today: date) -> Iterator[AuditFinding]:
    """Find the allowances that have ended or that nothing needs, in the formula's order."""
    met = {each.id for each in findings}
    for each in allowed:
        if each.id not in met:
            said = f"nothing needs the allowance of {each.id}"
            yield _finding(each, said, "take it out of policy.allow")
        elif _has_ended(each, today):
            said = f"the allowance of {each.id} ended on {each.until}: it counts again"
            yield _finding(each, said, "settle it, or give the allowance a new day")


def _has_ended(allowance: Allowance, today: date) -> bool:
    return allowance.until is not None and allowance.until < today


def _finding(allowance: Allowance, sentence: str, way_out: str) -> AuditFinding:
    why = (f"it was given because: {allowance.why}",) if allowance.why else ()
    return AuditFinding(
        id=f"allowance:{allowance.id}",
        severity=Severity.NOTE,
        subject="policy",
        sentence=sentence,
        evidence=(str(allowance.place), *why),
        way_out=way_out,
    )
