"""Judges plugins folders: one thing is wrong with each, and its check alone says so."""

import pytest
from msgspec.structs import replace

from builder.model.report import InstalledPlugin, Status
from builder.verify.installed import unpacked
from tests.unit.verify.observations import (
    GOOD,
    A,
    B,
    finding,
    installed,
    judged,
    only_failure,
    with_plugins,
)


def test_an_initialiser_that_failed_is_no_good_boot() -> None:
    line = "WARNING: ConfigurationAsCode.init failed perhaps due to plugin dependency issues"
    log = (*GOOD.log, "Nov 3, 2026 2:24:56 PM jenkins.model.Jenkins$5 runTask", line)
    failure = only_failure(replace(GOOD, log=log))
    assert failure.check.id == "plugins.loaded"
    assert line in failure.evidence


BROKEN = replace(B, manifest=None)


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ((A,), "b 2.0: missing"),
        ((A, installed("b", "2.1")), "b 2.0: version 2.1 is there instead"),
        ((A, replace(B, disabled=True)), "b 2.0: disabled by b.hpi.disabled"),
        ((A, replace(B, archive=None)), "b 2.0: unpacked, but its archive is gone"),
        (
            (A, replace(installed("x", "2.0"), name="b")),
            "another plugin is unpacked under its name",
        ),
        ((A, replace(BROKEN, size=0, head=b"")), "b 2.0: not unpacked: b.hpi is empty"),
        ((A, replace(BROKEN, size=7, head=b"\n<!DOC")), "b.hpi is an HTML page, no archive"),
        ((A, replace(BROKEN, head=b"GIF89")), "b.hpi is no ZIP archive"),
        ((A, replace(BROKEN, size=10)), "b.hpi is truncated: 10 of 1000 bytes"),
        ((A, BROKEN), "b.hpi cannot be expanded, or holds no manifest"),
        ((A, replace(BROKEN, archive=None)), "its folder holds no manifest, and there is no"),
    ],
)
def test_a_plugin_that_is_not_as_locked_is_told_with_its_fault(
    found: tuple[InstalledPlugin, ...], fault: str
) -> None:
    failure = finding(judged(with_plugins(*found)), "plugins.present")
    assert failure.status is Status.FAILED
    assert fault in failure.seen


def test_what_a_local_build_adds_to_a_version_does_not_count() -> None:
    assert judged(with_plugins(A, installed("b", "2.0 (private-1a2b-me)"))).passed


def test_a_folder_that_cannot_be_read_never_passes() -> None:
    failure = only_failure(replace(GOOD, plugins=None))
    assert failure.check.id == "plugins.present"
    assert failure.seen == "the plugins folder could not be read"


def test_a_plugin_that_is_not_locked_is_unexpected() -> None:
    failure = only_failure(with_plugins(A, B, installed("z", "1")))
    assert (failure.check.id, failure.evidence) == ("plugins.unexpected", ("z",))


def test_a_detached_plugin_that_the_core_placed_is_expected() -> None:
    line = "INFO: Loading a detached plugin as a dependency: /var/jenkins_home/plugins/z.jpi"
    log = (*GOOD.log, "Nov 3, 2026 2:24:56 PM hudson.PluginManager considerDetachedPlugin", line)
    report = judged(replace(with_plugins(A, B, installed("z", "1")), log=log))
    assert report.passed
    assert finding(report, "plugins.unexpected").seen.endswith("placed: z")


@pytest.mark.parametrize(
    ("needs", "fault"),
    [
        ("nothere:1.2", "b needs nothere 1.2: it is not there"),
        ("a:1.1", "b needs a 1.1: 1.0 is there"),
        ("a:1.1;resolution:=optional", "b needs a 1.1: 1.0 is there"),
        ("a", "b: Plugin-Dependencies has an entry without a version: a"),
    ],
)
def test_an_unmet_dependency_is_told_with_both_ends(needs: str, fault: str) -> None:
    broken = installed("b", "2.0", f"Plugin-Dependencies: {needs}")
    failure = only_failure(with_plugins(A, broken))
    assert (failure.check.id, failure.evidence) == ("plugins.dependencies", (fault,))


@pytest.mark.parametrize("line", ["Jenkins-Version: 3.4", "Hudson-Version: 3.4"])
def test_a_plugin_that_needs_a_newer_core_is_told(line: str) -> None:
    failure = only_failure(with_plugins(A, installed("b", "2.0", line)))
    assert (failure.check.id, failure.evidence) == ("plugins.core", ("b needs core 3.4",))


def test_the_text_null_is_no_required_core() -> None:
    found = unpacked((installed("b", "2.0", "Hudson-Version: null"), installed("c", "1")))
    assert {each.required_core for each in found.values()} == {None}


def test_a_disabled_plugin_meets_no_dependency() -> None:
    report = judged(with_plugins(A, replace(B, disabled=True)))
    assert finding(report, "plugins.dependencies").evidence == ("a needs b 2.0: it is not there",)
