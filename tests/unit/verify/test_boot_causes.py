"""Why boots failed, held to the recordings of Jenkins 2.346.3: each has its words and its mend."""

import pytest
from msgspec.structs import replace

from builder.model.controller import Family
from builder.model.report import Ending, Finding
from builder.verify.log import is_end_state
from tests.fakes.shared import DATA
from tests.unit.verify.observations import NOT_READY, finding, judged, locked

RECORDED = DATA / "jenkins-2.346.3"
needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)


def booted(name: str, code: int | None = None) -> Finding:
    text = (RECORDED / name).read_text(errors="replace")
    log = text.rpartition("##### log\n")[2].partition("\n##### ")[0].splitlines()
    assert any(map(is_end_state, log)) == (code is None)
    ending = Ending.FAILED_BOOT if code is None else Ending.EXITED
    seen = replace(NOT_READY, ending=ending, exit_code=code, log=tuple(log))
    return finding(judged(seen, locked(family=Family.JENKINS, core="2.346.3")), "boot.ready")


@needs_recordings
@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("boot/config-xml-names-a-missing-plugin", "add the plugin that holds the class"),
        ("boot/disk-full", "make room"),
        ("boot/jenkins-home-not-writable", "let the image's user own"),
        ("boot/xmx-32m", "give the trial more memory"),
        ("casc/configuration-file-absent", "let CASC_JENKINS_CONFIG name"),
        ("casc/merge-conflict", "say it in one file only"),
        ("casc/symbol-of-a-plugin-that-is-not-installed", "add the plugin that brings the symbol"),
        ("casc/unknown-attribute", "take one of the available attributes"),
        ("casc/unknown-root-key", "add the plugin that knows the root key"),
        ("casc/unknown-symbol", "add the plugin that brings the symbol"),
        ("casc/yaml-syntax-error", "correct the line that the log names"),
    ],
)
def test_each_failed_boot_has_its_own_mend(name: str, mend: str) -> None:
    found = booted(f"{name}.log")
    assert found.seen.startswith("the boot failed: ")
    assert mend in (found.hint or "")


@needs_recordings
@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("boot/java-25-refused", 0, "exit code 0: this Java is not supported"),
        ("boot/http-port-in-use", 1, "exit code 1: the HTTP port is taken"),
        ("boot/xmx-16m", 1, "exit code 1: Java ran out of memory"),
        ("boot/shutdown-sigterm", 143, "told to end (exit code 143, SIGTERM)"),
    ],
)
def test_an_exit_is_read_with_what_the_log_says(name: str, code: int, said: str) -> None:
    assert said in booted(f"{name}.log", code).seen
