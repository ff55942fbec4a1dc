"""Warnings count by the catalogue's own patterns, whole texts only, and name the nearest cure."""

import pytest
from msgspec.structs import replace

from builder.audit.patterns import match, released_part
from builder.model.audit import Severity
from builder.model.controller import Family
from builder.model.formula import Policy
from builder.version import Version
from tests.fakes.audited import found, known, locked, warning


@pytest.mark.parametrize(
    ("patterns", "version", "hit"),
    [
        (("1[.][01](|[.-].*)",), "1.1", True),
        (("1[.][01](|[.-].*)",), "1.1.5", True),
        (("1[.][01](|[.-].*)",), "1.10", False),  # a prefix is no match
        (("(136)(|[.-].+)",), "136.vabc_123", True),
        (("2", "1"), "1", True),  # any of several ranges
        (("a|ab",), "ab", True),  # whole texts try every branch
        ((), "7", True),  # no patterns: all versions
        (("[",), "7", True),  # does not compile: all versions
        ((r"\p{Digit}+",), "7", True),  # Java's own: all versions
        (("[0-9&&[^7]]",), "7", True),  # Java means an intersection, Python would not
        (("1{99999999999}",), "7", True),
        ((r"\d+",), "\u0667", False),  # digits are ASCII in Java
    ],
)
def test_a_warning_concerns_what_a_pattern_takes_whole(
    patterns: tuple[str, ...],
    version: str,
    hit: bool,  # noqa: FBT001  # a column
) -> None:
    assert (match(warning("git", *patterns), Version(version)) is not None) is hit


@pytest.mark.parametrize(
    ("version", "part"),
    [
        ("2.12-rc390.24ce2a334298", "2.12"),
        ("2.12-SNAPSHOT", "2.12"),
        ("2.12-20260101.101010-3", "2.12"),
        ("2.12", None),
        ("136.vabc_123", None),
    ],
)
def test_an_unfinished_version_has_the_release_it_comes_before(
    version: str, part: str | None
) -> None:
    assert released_part(Version(version)) == part


def test_a_warning_on_a_pin_is_told_with_its_evidence_and_its_cure() -> None:
    about = known("git:1", "git:2", "git:3 core=2.300", "git:4", warnings=(warning("git", "[12]"),))
    each = found(locked("git:1"), about)["SECURITY-1"]
    assert (each.severity, each.subject, each.sentence) == (
        Severity.WARNING,
        "git",
        "git 1: it leaks",
    )
    assert each.evidence == (
        "https://example.org/SECURITY-1",
        "the catalogue's pattern for it is [12]",
    )
    assert (each.way_out, each.fixed_by) == ("raise git to 3", "3")


def test_a_cure_that_another_warning_concerns_is_passed_over() -> None:
    warnings = (warning("git", "1"), warning("git", "2", id="SECURITY-2"))
    about = known("git:1", "git:2", "git:3", warnings=warnings)
    assert found(locked("git:1"), about)["SECURITY-1"].fixed_by == "3"
    worse = known("git:1", "git:2", "git:2.1 core=3", warnings=warnings)
    assert found(locked("git:1"), worse)["SECURITY-1"].fixed_by == "2.1"
    only = known("git:1", "git:2", warnings=warnings)
    assert found(locked("git:1"), only)["SECURITY-1"].fixed_by == "2"


def test_a_cure_that_needs_a_newer_core_says_which() -> None:
    about = known(
        "git:1",
        "git:2 core=2.500",
        "git:3 core=2.400",
        "git:4-beta",
        warnings=(warning("git", "1"),),
    )
    each = found(locked("git:1"), about)["SECURITY-1"]
    assert each.way_out == "raise the core to 2.400 and git to 3"


def test_a_weakness_without_a_cure_is_told_as_such() -> None:
    about = known("git:1", "git:0.9", "git:2-beta-1", warnings=(warning("git"),))
    each = found(locked("git:1"), about)["SECURITY-1"]
    assert (each.way_out, each.fixed_by) == (
        "take git out: no release without it is known",
        None,
    )


def test_an_id_is_told_once_for_a_plugin_though_two_catalogues_have_it() -> None:
    about = known("git:1", warnings=(warning("git", "1"), warning("git", "1", "2")))
    assert "SECURITY-1" in found(locked("git:1"), about)


def test_warnings_on_what_is_not_locked_are_left_out() -> None:
    about = known("git:1", warnings=(warning("mailer"), warning("git", "2", id="SECURITY-2")))
    assert found(locked("git:1"), about) == {}


def test_an_incremental_build_that_slips_through_a_pattern_is_a_hint() -> None:
    about = known("git:2.12", "git:2.13", warnings=(warning("git", "2[.]12"),))
    each = found(locked("git:2.12-rc390.24ce2a334298"), about)["SECURITY-1"]
    assert each.severity is Severity.NOTE
    assert "may have it too" in each.sentence


def test_an_incremental_build_that_a_pattern_takes_is_no_mere_hint() -> None:
    about = known("git:2.12", "git:2.13", warnings=(warning("git", "2[.]12(|[.-].*)"),))
    each = found(locked("git:2.12-rc390.24ce2a334298"), about)["SECURITY-1"]
    assert each.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("cores", "cure"),
    [
        (("2.347", "2.346.2", "2.361.1", "2.375.1"), "2.361.1"),  # long-term before weekly
        (("2.355", "2.347"), "2.347"),
        (("2.346.4", "2.361.1"), "2.361.1"),  # another warning concerns 2.346.4
        (("2.346.4",), "2.346.4"),
        ((), None),
    ],
)
def test_a_core_warning_names_the_nearest_core_without_it(
    cores: tuple[str, ...], cure: str | None
) -> None:
    warnings = (
        warning("core", "2[.]346[.][123]"),
        warning("core", "2[.]346.*", id="SECURITY-2"),
    )
    each = found(locked(core="2.346.3"), known(warnings=warnings, cores=cores))["SECURITY-1"]
    assert (each.subject, each.fixed_by) == ("core", cure)


def test_a_warning_on_the_core_of_jenkins_says_nothing_of_hudson() -> None:
    lock = locked()
    hudson = replace(lock, core=replace(lock.core, family=Family.HUDSON, version=Version("3.3.2")))
    assert found(hudson, known(warnings=(warning("core"),))) == {}


def test_a_policy_may_refuse_warnings() -> None:
    about = known("git:1", warnings=(warning("git"),))
    policy = Policy(refuse_warnings=True)
    assert found(locked("git:1"), about, policy)["SECURITY-1"].severity is Severity.ERROR
