"""Laws of audit and movement."""

from hypothesis import given
from hypothesis import strategies as st

from builder.audit import audit, moves
from builder.audit.patterns import match
from builder.lock import diff
from builder.model.audit import Severity
from builder.model.formula import Policy
from builder.model.lock import Lock
from builder.version import Version
from tests.fakes.audited import TODAY, known, warning
from tests.strategies import locks

_ORDER = list(Severity)


@given(st.text(max_size=12), st.text("0123456789.-abv", min_size=1, max_size=12))
def test_no_pattern_and_no_version_breaks_the_match(pattern: str, version: str) -> None:
    assert match(warning("git", pattern), Version(version)) in {None, pattern}


@given(locks(), st.booleans())
def test_every_lock_can_be_audited_and_the_heaviest_comes_first(lock: Lock, signed: bool) -> None:  # noqa: FBT001  # drawn
    about = known("git:1", warnings=(warning("core"),), cores=("2.500",))
    findings = audit(lock, about, Policy(signed_only=signed), TODAY)
    order = [_ORDER.index(each.severity) for each in findings]
    assert order == sorted(order)
    ids = [(each.id, each.subject) for each in findings]
    assert len(ids) == len(set(ids))


@given(locks())
def test_a_lock_does_not_move_against_itself(lock: Lock) -> None:
    assert moves(lock, lock) == ()


@given(locks(), locks())
def test_every_change_between_two_locks_is_one_move(before: Lock, after: Lock) -> None:
    told = moves(before, after, known("git:1", warnings=(warning("core"),)))
    changed = [(each.subject, each.before, each.after) for each in told if each.kind]
    changes = diff(before, after).changes
    assert sorted(changed, key=str) == sorted(
        ((each.subject, each.before, each.after) for each in changes), key=str
    )
