"""Findings as people read them, and as machines do."""

import json
from datetime import date

from builder.audit import audit
from builder.cli import show_audit
from builder.model.audit import AuditFinding, Known, Severity
from builder.model.formula import Allowance, Place, Policy
from builder.model.lock import Lock
from builder.model.plugin import Trust
from tests.fakes.audited import TODAY, known, locked, pinned, warning

_ALLOWED = Policy(
    allow=(
        Allowance(
            id="deprecated:old",
            until=date(2027, 1, 1),
            why="until we have moved",
            place=Place("formula.yaml", 9, 5),
        ),
    )
)


def _found(lock: Lock, about: Known, policy: Policy | None = None) -> tuple[AuditFinding, ...]:
    return audit(lock, about, policy or Policy(), TODAY)


def test_people_read_what_counts_with_one_way_out_then_what_is_allowed() -> None:
    warnings = (warning("git", "1"), warning("git", "1", id="SECURITY-2"))
    about = known("git:1", "git:2", "old:1", warnings=warnings, deprecated=("old",))
    shown = show_audit.findings(_found(locked("git:1", "old:1"), about, _ALLOWED))
    assert (
        shown
        == """\
warning  SECURITY-1  git 1: it leaks
warning  SECURITY-2  git 1: it leaks
         way out: raise git to 2
         see: https://example.org/SECURITY-1
         see: https://example.org/SECURITY-2
allowed  deprecated:old  old is deprecated: it loads, and nobody looks after it any more \
until 2027-01-01 (until we have moved)
0 errors, 2 warnings, 0 notes, 1 allowed"""
    )


def test_many_notes_of_one_kind_are_one() -> None:
    pins = [pinned(f"{name}:1", trust=Trust.FIRST_USE) for name in "abcd"]
    about = known("a:1", "b:1", "c:1", "d:1")
    assert (
        show_audit.findings(_found(locked(*pins), about))
        == """\
note     trust (4)  nothing vouches for a 1: its digest is that of whatever came first
         and so for b, c, d
0 errors, 0 warnings, 4 notes, 0 allowed"""
    )
    few = show_audit.findings(_found(locked(*pins[:3]), about))
    assert few.count("nothing vouches for") == 3


def test_a_catalogues_prose_moves_no_cursor() -> None:
    finding = AuditFinding(
        id="SECURITY-1",
        severity=Severity.ERROR,
        subject="git",
        sentence="git 1: \x1b[2Jgone\n",
        evidence=("\x9b",),
    )
    shown = show_audit.findings((finding,))
    assert "\x1b" not in shown
    assert "git 1:  [2Jgone" in shown
    assert show_audit.findings_facts((finding,))[0]["evidence"] == [" "]


def test_machines_read_every_finding_with_its_allowance() -> None:
    about = known("old:1", deprecated=("old",))
    found = _found(locked("old:1"), about, _ALLOWED)
    document = json.loads(show_audit.findings_json(found, core="2.346.3", passed=True))
    assert document == {
        "schema": 1,
        "core": "2.346.3",
        "passed": True,
        "findings": [
            {
                "id": "deprecated:old",
                "severity": "warning",
                "subject": "old",
                "sentence": "old is deprecated: it loads, and nobody looks after it any more",
                "evidence": ["https://example.org/old"],
                "way_out": "replace old, or allow deprecated:old until a day",
                "fixed_by": None,
                "allowed": {
                    "until": "2027-01-01",
                    "why": "until we have moved",
                    "at": "formula.yaml:9:5",
                },
            }
        ],
    }


def test_nothing_found_is_said_too() -> None:
    assert show_audit.findings(()) == "0 errors, 0 warnings, 0 notes, 0 allowed"
