"""All rules in their order, and which of their findings say no."""

from collections.abc import Iterator
from datetime import date

from builder.audit.allow import Findings, cover, idle
from builder.audit.base import java_of, of_base
from builder.audit.floors import agents, core_floors
from builder.audit.listed import listed
from builder.audit.plugin_java import plugin_java
from builder.audit.security import security
from builder.audit.trust import trust
from builder.model.audit import AuditFinding, Known, Severity, heaviest_first
from builder.model.formula import Policy
from builder.model.lock import Lock


def audit(locked: Lock, known: Known, policy: Policy, today: date) -> Findings:
    """Hold a lock against all that is known.

    Returns:
        Findings by severity, the heaviest first, then by rule, then by subject. What the policy
        allows is there, too, with its allowance.
    """
    found = (*known.findings, *_of_lock(locked, known, policy), *_of_base(locked, known))
    marked = cover(found, policy.allow, today)
    told = (*marked, *idle(found, policy.allow, today))
    return heaviest_first(told)


def refused(findings: Findings, *, strict: bool) -> Findings:
    """Keep what says no: errors that nobody has accepted; with ``strict``, warnings too."""
    heavy = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return tuple(each for each in findings if each.counts and each.severity in heavy)


def java_of_lock(locked: Lock, known: Known) -> int | None:
    """Tell which Java the controller of a lock runs on; None where nothing says."""
    return None if known.image is None else java_of(known.image, _packages(locked))


def _of_lock(locked: Lock, known: Known, policy: Policy) -> Iterator[AuditFinding]:
    weight = Severity.ERROR if policy.refuse_warnings else Severity.WARNING
    yield from security(locked, known, weight)
    yield from core_floors(locked, known)
    yield from agents(locked)
    yield from listed(locked, known)
    yield from trust(locked, signed_only=policy.signed_only)


def _of_base(locked: Lock, known: Known) -> Iterator[AuditFinding]:
    if known.image is None:
        return
    core = locked.core
    yield from of_base(known.image, core.version, core.family, _packages(locked))
    java = java_of_lock(locked, known)
    if java is not None:
        yield from plugin_java(locked, known, java)


def _packages(locked: Lock) -> tuple[str, ...]:
    return tuple(each.name for base in locked.bases for each in base.packages)
