"""What else a lock is held against: life of a plugin, core floors, agents, trust, allowances."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from builder.audit import audit, refused
from builder.model.audit import Severity
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import Allowance, Place, Policy
from builder.model.lock import LibraryPin
from builder.model.plugin import Coordinates, Trust
from builder.version import Version
from tests.fakes.audited import TODAY, found, known, locked, on, pinned, warning

_DAY = timedelta(days=1)


def _allow(name: str, until: date | None = None) -> Policy:
    place = Place("formula.yaml", 9, 5)
    return Policy(allow=(Allowance(id=name, until=until, why="no agents", place=place),))


def test_a_deprecated_plugin_is_a_warning_that_names_where_it_is_said() -> None:
    each = found(locked("git:1"), known("git:1", deprecated=("git",)))["deprecated:git"]
    assert (each.severity, each.evidence) == (Severity.WARNING, ("https://example.org/git",))


def test_a_plugin_that_no_site_offers_any_more_is_withdrawn() -> None:
    assert "withdrawn:git" in found(locked("git:1"), known("mailer:1"))
    assert "withdrawn:git" in found(locked("git:1"), known("git:1 withdrawn"))
    assert found(locked("git:1"), known("git:1")) == {}


def test_a_release_that_was_taken_back_is_withdrawn() -> None:
    about = known("git:1", "git:3")
    assert "withdrawn:git" in found(locked("git:2"), about)
    assert "withdrawn:git" in found(locked("git:4"), about)  # the site offers an older one again


def test_an_index_that_goes_no_further_back_proves_nothing() -> None:
    assert found(locked("git:2"), known("git:3")) == {}
    unsigned = locked(pinned("git:2", trust=Trust.FIRST_USE))
    assert "withdrawn:git" not in found(unsigned, known("git:1", "git:3"))


def test_a_plugin_of_ones_own_is_no_withdrawn_one() -> None:
    own = replace(pinned("own:1"), origin=Coordinates("org.example", "own", Version("1")))
    each = found(locked(own), known("git:1"))["unlisted:own"]
    assert each.severity is Severity.NOTE


def test_a_pin_above_the_core_is_an_error_with_both_ways_out() -> None:
    about = known("git:1 core=2.300", "git:2 core=2.346.1", "git:3 core=2.361.1")
    each = found(locked(pinned("git:3", core="2.361.1")), about)["required-core:git"]
    assert each.severity is Severity.ERROR
    assert each.way_out == "raise the core to 2.361.1, or take git 2"


@pytest.mark.parametrize("core", ["2.346.1", "2.346.3", None, "2.400-SNAPSHOT"])
def test_a_pin_that_the_core_takes_or_overlooks_is_no_finding(core: str | None) -> None:
    assert found(locked(pinned("git:1", core=core)), known("git:1")) == {}


def test_agents_need_two_plugins_from_core_2_357_on() -> None:
    lock = locked("instance-identity:3.1", core="2.361.1")
    about = known("instance-identity:3.1", "bouncycastle-api:2")
    assert list(found(lock, about)) == ["agents:bouncycastle-api"]
    assert found(locked(core="2.346.3"), known()) == {}
    hudson = replace(lock, core=replace(lock.core, family=Family.HUDSON, version=Version("3.3.2")))
    assert found(hudson, about) == {}


@pytest.mark.parametrize("trust", [Trust.FIRST_USE, Trust.UNSIGNED, Trust.SIDECAR])
def test_what_no_signature_vouches_for_is_a_note_unless_the_policy_wants_one(trust: Trust) -> None:
    lock = locked(pinned("git:1", trust=trust))
    assert found(lock, known("git:1"))["trust:git"].severity is Severity.NOTE
    strict = found(lock, known("git:1"), Policy(signed_only=True))["trust:git"]
    assert strict.severity is Severity.ERROR
    signed = found(locked("git:1"), known("git:1"), Policy(signed_only=True))
    assert signed == {}


def test_a_core_that_came_on_first_use_is_told_as_the_plugins_are() -> None:
    lock = locked()
    first = replace(lock, core=replace(lock.core, trust=Trust.FIRST_USE))
    assert list(found(first, known())) == ["trust:core"]


def test_a_pin_that_wants_a_newer_java_counts_where_cores_look_at_it() -> None:
    about = known("git:1 java=11", image=on("jenkins/jenkins:2.346.3-jdk8"))
    assert found(locked("git:1"), about)["java:git"].severity is Severity.ERROR
    eleven = replace(about, image=on("jenkins/jenkins:2.346.3-jdk11"))
    assert found(locked("git:1"), eleven) == {}
    assert "java:git" not in found(locked("git:1", core="2.361.1"), about)


def test_the_base_is_looked_at_with_the_lock() -> None:
    about = known("git:1", image=on("jenkins/jenkins:2.319.3-jdk11"))
    assert list(found(locked("git:1", core="2.319.1"), about)) == ["base-core"]


@pytest.mark.parametrize(
    ("until", "counts", "told"),
    [(None, False, False), (TODAY, False, False), (TODAY - _DAY, True, True)],
)
def test_an_allowance_covers_a_finding_until_its_day_has_passed(
    until: date | None,
    counts: bool,  # noqa: FBT001  # a column
    told: bool,  # noqa: FBT001  # a column
) -> None:
    about = known("git:1", warnings=(warning("git"),))
    by_id = found(locked("git:1"), about, _allow("SECURITY-1", until))
    assert by_id["SECURITY-1"].counts is counts
    assert ("allowance:SECURITY-1" in by_id) is told


def test_an_allowance_that_nothing_needs_is_told_with_its_place() -> None:
    each = found(locked(), known(), _allow("SECURITY-9"))["allowance:SECURITY-9"]
    assert each.severity is Severity.NOTE
    assert each.evidence == ("formula.yaml:9:5", "it was given because: no agents")


def test_only_errors_say_no_unless_asked_to_be_strict() -> None:
    about = known("git:1", warnings=(warning("git"),), deprecated=("git",))
    findings = audit(locked("git:1"), about, _allow("SECURITY-1"), TODAY)
    assert refused(findings, strict=False) == ()
    assert [each.id for each in refused(findings, strict=True)] == ["deprecated:git"]
    heavy = audit(locked("git:1"), about, Policy(refuse_warnings=True), TODAY)
    assert [each.id for each in refused(heavy, strict=False)] == ["SECURITY-1"]


def test_a_library_of_the_formula_is_held_to_the_same() -> None:
    jar = LibraryPin(
        artifact="remoting",
        origin=Coordinates("g", "remoting", Version("1"), "jar"),
        digest=Digest.of(b"jar"),
        size=3,
        trust=Trust.FIRST_USE,
    )
    lock = replace(locked("git:1"), libraries=(jar,))
    assert found(lock, known("git:1"))["trust:remoting"].severity is Severity.NOTE
    strict = found(lock, known("git:1"), Policy(signed_only=True))["trust:remoting"]
    assert strict.severity is Severity.ERROR
