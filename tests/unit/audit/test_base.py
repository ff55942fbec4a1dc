"""What a base brings: read from a tag or from Debian's packages, held against the core."""

import pytest

from builder.audit import java_of, of_base
from builder.model.audit import Severity
from builder.model.base_wishes import DebianBase
from builder.model.controller import Family
from builder.model.formula import ImageWishes
from builder.version import Version
from tests.fakes.audited import on


def _debian(*packages: str) -> ImageWishes:
    return ImageWishes(base=DebianBase(suite="sid", packages=packages, mirror=None))


@pytest.mark.parametrize(
    ("reference", "java"),
    [
        ("jenkins/jenkins:2.346.3-jdk11", 11),
        ("jenkins/jenkins:lts-jdk21", 21),
        ("registry.example:5000/jenkins/jenkins:2.426.1-lts-slim-jdk17@sha256:" + "0" * 64, 17),
        ("jenkins/jenkins:2.346.3", None),
        ("eclipse-temurin:17-jre-jammy", 17),
        ("docker.io/library/openjdk:11.0.16-jre-slim", 11),
        ("example/openjdk-17:latest", 17),
        ("debian:12", None),
        ("not a reference", None),
    ],
)
def test_a_tag_says_which_java_it_brings(reference: str, java: int | None) -> None:
    assert java_of(on(reference)) == java


def test_packages_say_which_java_they_bring_and_the_newest_wins() -> None:
    assert java_of(_debian("tini", "openjdk-17-jre-headless")) == 17
    assert java_of(_debian("openjdk-8-jdk", "openjdk-21-jre-headless")) == 21
    assert java_of(_debian("default-jre-headless")) is None
    assert java_of(_debian("default-jre-headless"), ["openjdk-21-jre-headless"]) == 21
    assert java_of(ImageWishes(base=None)) is None


@pytest.mark.parametrize(
    ("reference", "core", "ids"),
    [
        ("jenkins/jenkins:2.319.3", "2.319.1", ["base-core"]),
        ("jenkins/jenkins:2.346.3", "2.346.3", []),
        ("kubesphere/ks-jenkins:v3.4.0-2.319.3", "2.319.3", []),
        ("kubesphere/ks-jenkins:v3.4.0-2.319.3-1", "2.346.3", ["base-core"]),
        ("jenkins/jenkins:lts-jdk21", "2.479.1", []),
        ("jenkins/jenkins:lts-jdk21", "2.419", []),
        ("jenkins/jenkins:lts-jdk21", "2.414.3", ["java"]),
        ("jenkins/jenkins:2.361.1-jdk8", "2.361.1", ["java"]),
        ("example/tool:2.319.3", "2.346.3", []),  # no Jenkins
        ("example/jenkins:2.1", "2.346.3", []),  # somebody's own count
    ],
)
def test_a_base_is_held_against_the_core(reference: str, core: str, ids: list[str]) -> None:
    assert [each.id for each in of_base(on(reference), Version(core))] == ids


def test_a_base_of_another_core_names_both() -> None:
    (each,) = of_base(on("jenkins/jenkins:2.319.3"), Version("2.319.1"))
    assert each.severity is Severity.WARNING
    assert each.sentence == "the base is made for core 2.319.3, and the WAR is core 2.319.1"


def test_a_java_that_is_too_old_has_one_way_out() -> None:
    (each,) = of_base(_debian("openjdk-8-jre-headless"), Version("2.361.1"))
    assert each.severity is Severity.ERROR
    assert each.way_out == "take a base with Java 11 or 17"
    told = on("jenkins/jenkins:jdk8", JENKINS_ENABLE_FUTURE_JAVA="true")
    assert [e.severity for e in of_base(told, Version("2.361.1"))] == [Severity.ERROR]


def test_a_java_that_is_too_new_may_be_told_to_try() -> None:
    (each,) = of_base(on("jenkins/jenkins:jdk21"), Version("2.361.1"))
    assert each.severity is Severity.ERROR
    assert each.way_out == (
        "take a base with Java 11 or 17, or raise the core to 2.419 (LTS 2.426.1) or newer, or "
        "set JENKINS_ENABLE_FUTURE_JAVA: 'true' under image.env at your own risk"
    )
    told = (
        on("jenkins/jenkins:jdk21", JENKINS_ENABLE_FUTURE_JAVA="true"),
        on("jenkins/jenkins:jdk21", JENKINS_OPTS="--prefix=/j --enable-future-java"),
    )
    for image in told:
        (note,) = of_base(image, Version("2.361.1"))
        assert note.severity is Severity.NOTE


def test_hudson_wants_java_8_and_is_measured_by_no_tag() -> None:
    assert list(of_base(_debian("openjdk-8-jre-headless"), Version("3.3.2"), Family.HUDSON)) == []
    (each,) = of_base(on("jenkins/jenkins:2.346.3-jdk11"), Version("3.3.2"), Family.HUDSON)
    assert each.way_out == "take a base with Java 8"
