"""What is told of a boot that went well: its course, what else was warned of, a cut config.xml."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.model.controller import Family
from builder.model.report import Ending, Finding, Phase, Status
from tests.fakes.shared import DATA
from tests.unit.verify.observations import GOOD, NOT_READY, finding, judged, locked

RECORDED = DATA / "jenkins-2.346.3" / "boot"
SEVERE = (
    "2026-11-23 13:20:04.176+0000 [id=30]\tSEVERE\t"
    "jenkins.install.InstallUtil#getLastExecVersion: Unexpected error reading global config.xml"
)
needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)


def of_jenkins(name: str, check: str) -> Finding:
    text = (RECORDED / name).read_text(errors="replace")
    log = text.rpartition("##### log\n")[2].partition("\n##### ")[0]
    seen = replace(GOOD, log=tuple(log.splitlines()))
    return finding(judged(seen, locked(family=Family.JENKINS, core="2.346.3")), check)


def test_the_course_of_a_boot_is_told_in_seconds() -> None:
    phases = (Phase(name="answers 503", at_s=1.04), Phase(name="Listed all plugins", at_s=1.5))
    found = finding(judged(replace(GOOD, phases=phases)), "boot.ready")
    assert found.evidence == ("1.0 s: answers 503", "1.5 s: Listed all plugins")


@needs_recordings
def test_warnings_that_mean_no_failure_are_counted_and_shown() -> None:
    found = of_jenkins("boot-ok.log", "boot.ready")
    assert found.seen.endswith("; 2 other warnings in the log")
    assert found.evidence[0] == "WARNING: Empty contextPath"
    assert len(found.evidence) == 2


@needs_recordings
@pytest.mark.parametrize(
    "name",
    [
        "plugin-missing-dependency.log",
        "init-groovy-throws.log",
        "agent-port-in-use.log",
        "plugin-initializer-linkage-error-is-swallowed.log",
        "plugin-archive-lacks-a-library.log",
        "config-xml-truncated.log",
    ],
)
def test_a_warning_that_a_check_rests_on_is_not_counted_again(name: str) -> None:
    ours = {"Empty contextPath", "No tool installer metadata found for"}
    found = of_jenkins(name, "boot.ready")
    others = [each for each in found.evidence if not any(known in each for known in ours)]
    assert others == [], found.evidence


@needs_recordings
@pytest.mark.parametrize("name", ["config-xml-truncated.log", "config-xml-not-well-formed.log"])
def test_a_cut_config_that_boots_is_told(name: str) -> None:
    found = of_jenkins(name, "boot.config")
    assert found.status is Status.FAILED
    assert "what stood behind the fault is lost" in found.seen
    assert any("SAXParseException" in line for line in found.evidence)


@needs_recordings
def test_a_whole_config_is_not() -> None:
    for path in sorted(Path(RECORDED).glob("boot-ok*.log")):
        assert of_jenkins(path.name, "boot.config").status is Status.PASSED


def test_a_cut_config_is_told_of_a_boot_that_failed_too() -> None:
    seen = replace(NOT_READY, ending=Ending.FAILED_BOOT, log=(SEVERE,))
    assert finding(judged(seen), "boot.config").status is Status.FAILED
    assert finding(judged(NOT_READY), "boot.config").status is Status.SKIPPED
