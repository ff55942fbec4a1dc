"""What is newer than a lock, and what a reviewer is told of two of them."""

import pytest
from msgspec.structs import replace

from builder.audit import moves, outdated
from builder.model.audit import Known, Move, Outdated, Severity
from builder.model.digest import Digest
from builder.model.lock import Aspect, ChangeKind, Pin, PinKind, Reason, Shift
from builder.model.plugin import DependencyKind, PluginId, Trust
from builder.version import Version
from tests.fakes.audited import known, locked, pinned, warning


def _newer(*lines: str, core: str = "2.346.3", java: int | None = None) -> Outdated | None:
    found = outdated(locked("git:1", core=core), known(*lines), java=java)
    return found[0] if found else None


def test_the_newest_that_the_core_takes_is_told_apart_from_the_newest_at_all() -> None:
    found = _newer("git:1", "git:2 core=2.346.1", "git:4 core=2.361.1", "git:3 core=2.361.1")
    assert found is not None
    assert (found.newest, found.beyond, found.needs_core) == ("2", "4", "2.361.1")


def test_a_pin_that_only_a_newer_core_could_raise_is_outdated_too() -> None:
    found = _newer("git:2 core=2.361.1")
    assert found is not None
    assert (found.newest, found.beyond) == (None, "2")


@pytest.mark.parametrize(
    "lines", [("git:1",), ("git:0.9",), (), ("git:2-beta",), ("git:2-SNAPSHOT",), ("git:2-rc3.ab",)]
)
def test_a_pin_without_a_finished_newer_release_is_up_to_date(lines: tuple[str, ...]) -> None:
    assert _newer(*lines) is None


def test_a_java_that_old_cores_ask_for_holds_a_release_back() -> None:
    lines = ("git:2 java=8", "git:3 java=11")
    assert getattr(_newer(*lines, java=8), "newest", "") == "2"
    assert getattr(_newer(*lines, java=11), "newest", "") == "3"
    assert getattr(_newer(*lines, java=8, core="2.361.1"), "newest", "") == "3"


def test_another_core_may_be_judged_by() -> None:
    about = known("git:2 core=2.361.1")
    (found,) = outdated(locked("git:1"), about, core=Version("2.361.1"))
    assert (found.newest, found.beyond, found.needs_core) == ("2", None, None)


def test_a_newer_release_says_what_it_fixes_and_whether_it_reads_old_configuration() -> None:
    warnings = (warning("git", "1"), warning("git", "[12]", id="SECURITY-2"))
    about = known("git:2 since=1.5", "mailer:2", warnings=warnings)
    git, mailer = outdated(locked("git:1", "mailer:1"), about)
    assert (git.fixes, git.crosses) == (("SECURITY-1",), "1.5")
    assert (mailer.fixes, mailer.crosses) == ((), None)
    assert outdated(locked("git:1.5"), about)[0].crosses is None


def test_a_core_is_compared_with_cores_of_its_kind() -> None:
    about = known(cores=("2.578", "2.361.4", "2.361.1"), warnings=(warning("core", "2[.]346.*"),))
    (core,) = outdated(locked(core="2.346.3"), about)
    assert (core.subject, core.newest, core.fixes) == ("core", "2.361.4", ("SECURITY-1",))
    assert outdated(locked(core="2.577"), known(cores=("2.568.1",))) == ()


def _between(before: Pin | None, after: Pin | None, about: Known | None = None) -> Move:
    was, now = (locked(*([each] if each else [])) for each in (before, after))
    (move,) = moves(was, now, about)
    return move


def test_what_fixes_and_what_brings_a_warning_is_told_with_a_catalogue_at_hand() -> None:
    about = known("git:2", warnings=(warning("git", "1"),))
    up = _between(pinned("git:1"), pinned("git:2"), about)
    assert (up.kind, up.severity, up.fixes) == (ChangeKind.RAISED, Severity.NOTE, ("SECURITY-1",))
    down = _between(pinned("git:2"), pinned("git:1"), about)
    assert (down.severity, down.brings) == (Severity.ERROR, ("SECURITY-1",))
    new = _between(None, pinned("git:1"), about)
    assert (new.severity, new.brings) == (Severity.ERROR, ("SECURITY-1",))
    gone = _between(pinned("git:1"), None, about)
    assert (gone.severity, gone.fixes) == (Severity.NOTE, ("SECURITY-1",))


def test_a_release_that_may_not_read_old_configuration_is_a_warning() -> None:
    move = _between(pinned("git:1"), pinned("git:2"), known("git:2 since=2"))
    assert (move.severity, move.crosses) == (Severity.WARNING, "2")


def test_a_lowered_version_is_a_warning_and_other_bytes_are_an_error() -> None:
    assert _between(pinned("git:2"), pinned("git:1")).severity is Severity.WARNING
    other = replace(pinned("git:1"), digest=Digest.of(b"other"))
    assert _between(pinned("git:1"), other).severity is Severity.ERROR


def test_other_bytes_of_a_base_are_no_alarm() -> None:
    lock = locked()
    base = replace(lock.bases[0], digest=Digest.of(b"newer"))
    (move,) = moves(lock, replace(lock, bases=(base,)))
    assert (move.kind, move.severity) == (ChangeKind.NEW_BYTES, Severity.NOTE)


def test_less_trust_in_the_same_version_is_an_error_and_more_is_a_note() -> None:
    signed, first = pinned("git:1"), pinned("git:1", trust=Trust.FIRST_USE)
    worse = _between(signed, first)
    shift = Shift(
        subject="git", aspect=Aspect.TRUST, before="signed", after="first-use", lowered=True
    )
    assert (worse.kind, worse.severity, worse.shifts) == (None, Severity.ERROR, (shift,))
    assert _between(first, signed).severity is Severity.NOTE


def test_other_reasons_for_the_same_file_are_told() -> None:
    wished = pinned("git:1")
    needed = replace(
        wished,
        kind=PinKind.REQUIRED,
        why=(Reason(demander=PluginId("b"), minimum=None, kind=DependencyKind.REQUIRED),),
    )
    move = _between(wished, needed)
    assert [(each.aspect, each.before, each.after) for each in move.shifts] == [
        (Aspect.KIND, "wish", "required"),
        (Aspect.WHY, "the formula", "b"),
    ]


def test_the_gravest_moves_come_first_and_fixes_before_the_rest() -> None:
    about = known("a:2", "b:2", warnings=(warning("b", "1"),))
    before, after = locked("a:1", "b:1", "c:2"), locked("a:2", "b:2", "c:1")
    assert [each.subject for each in moves(before, after, about)] == ["c", "b", "a"]
