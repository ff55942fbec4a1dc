"""Images spoilt on purpose: each fault is caught by its own check, in its own words."""

import json
from pathlib import Path

import pytest

from builder.report import KINDS
from tests.fakes.plugins import plugin
from tests.live.conftest import Quickstart, Run, Spoil, jbuild
from tests.support.reports import junit_cases, page_text

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_PLUGINS = "/usr/share/jenkins/ref/plugins"
_HOOKS = "/usr/share/jenkins/ref/init.groovy.d"


def _verify(quickstart: Quickstart, image: str, *options: str) -> Run:
    done = jbuild("verify", image, "--json", *options, folder=quickstart.folder)
    assert done.code == 1, done.stderr
    return done


def _told(done: Run, check: str) -> str:
    """Give all the words of one failed check."""
    failed = done.failed_checks()
    assert check in failed, failed.keys()
    words = failed[check]
    assert words["expected"]
    assert words["seen"]
    return f"{words['seen']} {words['hint']} {words['evidence']}"


def test_a_plugin_taken_out_is_missing(
    quickstart: Quickstart, spoil: Spoil, tmp_path: Path
) -> None:
    options = [f"--report={kind}={tmp_path / kind}" for kind in KINDS]
    done = _verify(quickstart, spoil(f"RUN rm {_PLUGINS}/greenballs.hpi"), *options)
    report = json.loads((tmp_path / "json").read_text())
    assert [e["id"] for e in report["checks"] if e["status"] == "failed"] == ["plugins.present"]
    cases = junit_cases((tmp_path / "junit").read_bytes())
    assert [each for each, end in cases.items() if end == "failure"] == ["jbuild.plugins.present"]
    assert "greenballs" in page_text((tmp_path / "html").read_bytes())
    assert set(done.failed_checks()) == {"plugins.present"}
    told = _told(done, "plugins.present")
    assert "greenballs" in told
    assert "missing" in told


def test_another_version_is_told_from_the_locked_one(quickstart: Quickstart, spoil: Spoil) -> None:
    other = {"greenballs.hpi": plugin("greenballs", "1.5")}
    done = _verify(quickstart, spoil(f"COPY greenballs.hpi {_PLUGINS}/", files=other))
    assert set(done.failed_checks()) == {"plugins.present"}
    told = _told(done, "plugins.present")
    assert "1.5" in told
    assert "1.6" in str(done.failed_checks()["plugins.present"])


def test_an_extra_plugin_is_unexpected(quickstart: Quickstart, spoil: Spoil) -> None:
    extra = {"stranger.hpi": plugin("stranger", "1.0")}
    done = _verify(quickstart, spoil(f"COPY stranger.hpi {_PLUGINS}/", files=extra))
    assert set(done.failed_checks()) == {"plugins.unexpected"}
    assert "stranger" in _told(done, "plugins.unexpected")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(plugin("greenballs", "1.6")[:150], id="truncated"),
        pytest.param(b"<html><body>404 Not Found</body></html>", id="html"),
    ],
)
def test_an_archive_that_is_none_is_named(
    quickstart: Quickstart, spoil: Spoil, content: bytes
) -> None:
    broken = {"greenballs.hpi": content}
    done = _verify(quickstart, spoil(f"COPY greenballs.hpi {_PLUGINS}/", files=broken))
    assert set(done.failed_checks()) == {"plugins.present", "plugins.loaded"}
    assert "greenballs" in _told(done, "plugins.loaded")
    assert "unpack" in _told(done, "plugins.present")


def test_a_missing_mandatory_dependency_is_named(quickstart: Quickstart, spoil: Spoil) -> None:
    needy = {"greenballs.hpi": plugin("greenballs", "1.6", "nowhere:2.0")}
    done = _verify(quickstart, spoil(f"COPY greenballs.hpi {_PLUGINS}/", files=needy))
    assert set(done.failed_checks()) == {"plugins.loaded", "plugins.dependencies"}
    for check in ("plugins.loaded", "plugins.dependencies"):
        assert "nowhere" in _told(done, check)


def test_a_plugin_that_wants_a_newer_core_is_named(quickstart: Quickstart, spoil: Spoil) -> None:
    newer = {"greenballs.hpi": plugin("greenballs", "1.6", core="9.9")}
    done = _verify(quickstart, spoil(f"COPY greenballs.hpi {_PLUGINS}/", files=newer))
    assert set(done.failed_checks()) == {"plugins.core"}
    assert "9.9" in _told(done, "plugins.core")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param(b"throw new IllegalStateException('boom')", "boom", id="throws"),
        pytest.param(b"def (", "compil", id="does-not-compile"),
    ],
)
def test_a_bad_hook_is_named(
    quickstart: Quickstart, spoil: Spoil, script: bytes, words: str
) -> None:
    hook = {"20-executors.groovy": script}
    done = _verify(quickstart, spoil(f"COPY 20-executors.groovy {_HOOKS}/", files=hook))
    assert set(done.failed_checks()) == {"hooks.clean"}
    told = _told(done, "hooks.clean")
    assert "20-executors.groovy" in told
    assert words in told


def test_a_hook_that_never_ran_is_named(quickstart: Quickstart, spoil: Spoil) -> None:
    done = _verify(quickstart, spoil(f"RUN rm {_HOOKS}/20-executors.groovy"))
    assert set(done.failed_checks()) == {"hooks.ran"}
    assert "20-executors.groovy" in _told(done, "hooks.ran")


def test_an_agent_listener_that_is_off_is_explained(quickstart: Quickstart, spoil: Spoil) -> None:
    off = b"<hudsonSecurityManager><slaveAgentPort>-1</slaveAgentPort></hudsonSecurityManager>"
    place = "/usr/share/jenkins/ref/hudson-security.xml"
    done = _verify(
        quickstart, spoil(f"COPY hudson-security.xml {place}", files={"hudson-security.xml": off})
    )
    assert "agent.listener" in done.failed_checks()
    assert set(done.failed_checks()) <= {"agent.listener", "agent.port"}
    assert "404" in _told(done, "agent.listener")


def test_a_cut_config_that_hudson_does_not_boot_with_is_named(
    quickstart: Quickstart, spoil: Spoil
) -> None:
    cut = {"config.xml": b"<?xml version='1.0'?>\n<hudson>\n  <mode>NOR"}
    done = _verify(quickstart, spoil("COPY config.xml /usr/share/jenkins/ref/", files=cut))
    assert set(done.failed_checks()) == {"boot.ready"}
    assert "put a whole config.xml into the home" in _told(done, "boot.ready")


def test_a_container_that_exits_at_once_is_told_with_its_code(
    quickstart: Quickstart, spoil: Spoil
) -> None:
    done = _verify(quickstart, spoil('ENTRYPOINT ["/bin/sh", "-c", "echo bye; exit 7"]'))
    assert "7" in _told(done, "boot.ready")
    assert done.document()["log_tail"] == ["bye"]
    assert set(done.failed_checks()) == {"boot.ready"}


def test_a_port_that_never_opens_is_told_from_a_slow_boot(
    quickstart: Quickstart, spoil: Spoil
) -> None:
    image = spoil('ENTRYPOINT ["/bin/sleep", "600"]')
    done = _with_trial(quickstart, image, "verify: {memory: 1g, timeout: 4}")
    assert set(done.failed_checks()) == {"boot.ready"}
    assert "4 s" in str(done.failed_checks()["boot.ready"])


def test_memory_far_too_small_is_named_as_such(quickstart: Quickstart) -> None:
    done = _with_trial(quickstart, quickstart.reference, "verify: {memory: 48m, timeout: 60}")
    assert set(done.failed_checks()) == {"boot.ready"}
    assert "memory" in _told(done, "boot.ready")


def _with_trial(quickstart: Quickstart, image: str, trial: str) -> Run:
    """Verify with another trial; it is no part of the fingerprint, so the lock still fits."""
    formula = quickstart.folder / "formula.yaml"
    text = formula.read_text()
    assert "verify: {memory: 1g, timeout: 120}" in text
    formula.write_text(text.replace("verify: {memory: 1g, timeout: 120}", trial))
    try:
        return _verify(quickstart, image)
    finally:
        formula.write_text(text)
