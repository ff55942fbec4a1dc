"""Why boots failed, held to the recordings of Jenkins 2.346.3: each has its words and its mend."""

import pytest
from msgspec.structs import replace

from builder.model.controller import Family
from builder.model.report import Ending, Finding, Status
from builder.verify.log import is_end_state
from tests.fakes.shared import DATA
from tests.unit.verify.observations import GOOD, NOT_READY, finding, judged, locked

RECORDED = DATA / "jenkins-2.346.3"
needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)


def recorded(name: str) -> tuple[str, ...]:
    text = (RECORDED / name).read_text(errors="replace")
    return tuple(text.rpartition("##### log\n")[2].partition("\n##### ")[0].splitlines())


def booted(name: str, code: int | None = None) -> Finding:
    log = recorded(name)
    assert any(map(is_end_state, log)) == (code is None)
    ending = Ending.FAILED_BOOT if code is None else Ending.EXITED
    seen = replace(NOT_READY, ending=ending, exit_code=code, log=log)
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


def loaded(name: str) -> Finding:
    seen = replace(GOOD, log=recorded(name))
    return finding(judged(seen, locked(family=Family.JENKINS, core="2.346.3")), "plugins.loaded")


@needs_recordings
def test_an_extension_that_is_silently_not_there_fails_with_its_lines() -> None:
    found = loaded("boot/plugin-archive-lacks-a-library.log")
    assert found.status is Status.FAILED
    assert found.seen == (
        "the extension io.kubesphere.jenkins.devops.auth.KubesphereApiTokenAuthenticator"
        " could not be loaded"
    )
    assert "java.lang.ClassNotFoundException: com.squareup.okhttp.MediaType" in found.evidence


@needs_recordings
def test_a_swallowed_linkage_error_fails_with_the_class_that_is_missing() -> None:
    found = loaded("boot/plugin-initializer-linkage-error-is-swallowed.log")
    assert found.status is Status.FAILED
    assert "java.lang.ClassNotFoundException: javax.annotation.Nonnull" in found.evidence


@needs_recordings
@pytest.mark.parametrize(
    "name",
    [
        "boot/boot-ok.log",
        "boot/boot-ok-agent-port-disabled.log",
        "boot/boot-ok-with-17-plugins-and-casc.log",
        "boot/init-groovy-order.log",
        "boot/xmx-64m.log",
        "casc/empty-folder.log",
        "casc/ok.log",
        "casc/two-files-no-conflict.log",
    ],
)
def test_a_good_log_has_no_plugin_that_failed(name: str) -> None:
    assert loaded(name).status is Status.PASSED
