"""Ways to spoil an image: each is caught by the check that should, with the hint that mends it.

On the real controller where that can show it, else replayed from the recordings of a Jenkins.
"""

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.report import Ending, Status
from builder.report import KINDS
from builder.verify.checks import SYSTEM_INFO
from tests.fakes.plugins import plugin
from tests.live.conftest import Quickstart, Run, Spoil, jbuild
from tests.support.reports import junit_cases, page_text
from tests.unit.verify.observations import GOOD, NOT_READY, finding, judged, locked
from tests.unit.verify.test_boot_causes import needs_recordings, recorded
from tests.unit.verify.test_judge_config import IN_FORCE, casc, report
from tests.unit.verify.test_judge_token import findings, tried

live = pytest.mark.usefixtures("socket_enabled")
_REF = "/usr/share/jenkins/ref"
_PLUGINS, _HOOKS = f"{_REF}/plugins", f"{_REF}/init.groovy.d"
_TRIAL = "verify: {memory: 1g, timeout: 120}"  # of the quickstart
_OFF = b"<hudsonSecurityManager><slaveAgentPort>-1</slaveAgentPort></hudsonSecurityManager>"
_CUT = b"<?xml version='1.0'?>\n<hudson>\n  <mode>NOR"
_HALF = (  # as soon as a milestone is told, however slow the machine
    "mkfifo /tmp/said; /usr/local/bin/jbuild-start >/tmp/said 2>&1 & "
    "while read -r each; do echo $each; case $each in *Prepared*) exit 9;; esac; done </tmp/said"
)


def row(
    name: str,
    *lines: str,
    failed: Mapping[str, str],
    files: Mapping[str, bytes] | None = None,
    trial: str = _TRIAL,
) -> object:
    """Give one way to spoil an image.

    Args:
        name: of the row.
        lines: of a Dockerfile, above the quickstart's image.
        failed: every check that has to fail, each with words of what it says.
        files: beside the Dockerfile.
        trial: how it is booted.
    """
    return pytest.param(lines, files or {}, trial, failed, id=name)


def placed(name: str, folder: str = _PLUGINS) -> str:
    return f"COPY {name} {folder}/"


_SPOILT = [
    row(
        "another plugin's bytes are older",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.5")},
        failed={"plugins.present": "greenballs 1.6: version 1.5 is there instead"},
    ),
    row(
        "they are newer",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.7")},
        failed={"plugins.present": "greenballs 1.6: version 1.7 is there instead"},
    ),
    row(
        "a plugin that nobody locked",
        placed("stranger.hpi"),
        files={"stranger.hpi": plugin("stranger", "1.0")},
        failed={"plugins.unexpected": "stranger"},
    ),
    row(
        "the same plugin under a second name",
        placed("copy.hpi"),
        files={"copy.hpi": plugin("greenballs", "1.6")},
        failed={"plugins.unexpected": "copy"},
    ),
    row(
        "an archive that is cut off",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.6")[:150]},
        failed={"plugins.present": "truncated", "plugins.loaded": "greenballs"},
    ),
    row(
        "a web page as an archive",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": b"<html><body>404 Not Found</body></html>"},
        failed={"plugins.present": "HTML page", "plugins.loaded": "greenballs"},
    ),
    row(
        "an empty archive",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": b""},
        failed={"plugins.present": "is empty", "plugins.loaded": "greenballs"},
    ),
    row(
        "a dependency that is missing",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.6", "nowhere:2.0")},
        failed={"plugins.loaded": "nowhere", "plugins.dependencies": "greenballs needs nowhere"},
    ),
    row(
        "a dependency that is too old",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.6", "git:99.0")},
        failed={"plugins.dependencies": "greenballs needs git 99.0: 3.0.1 is there"},
    ),
    row(
        "an optional dependency that is too old",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.6", "git:99.0;resolution:=optional")},
        failed={"plugins.dependencies": "greenballs needs git 99.0: 3.0.1 is there"},
    ),
    row(
        "two plugins that need each other",
        placed("greenballs.hpi"),
        placed("rest-plugin.hpi"),
        files={
            "greenballs.hpi": plugin("greenballs", "1.6", "rest-plugin:2.2.2"),
            "rest-plugin.hpi": plugin("rest-plugin", "2.2.2", "greenballs:1.6"),
        },
        failed={"boot.ready": "Cycle detected: Plugin:greenballs"},
    ),
    row(
        "a plugin that wants a newer core",
        placed("greenballs.hpi"),
        files={"greenballs.hpi": plugin("greenballs", "1.6", core="9.9")},
        failed={"plugins.core": "greenballs needs core 9.9"},
    ),
    row(
        "a disabled plugin",
        f"RUN touch {_PLUGINS}/greenballs.hpi.disabled",
        failed={"plugins.present": "disabled by greenballs.hpi.disabled"},
    ),
    row(
        "a hook that throws",
        placed("20-executors.groovy", _HOOKS),
        files={"20-executors.groovy": b"throw new IllegalStateException('boom')"},
        failed={"hooks.clean": "boom"},
    ),
    row(
        "a hook that does not compile",
        placed("20-executors.groovy", _HOOKS),
        files={"20-executors.groovy": b"def ("},
        failed={"hooks.clean": "compil"},
    ),
    row(
        "a hook that is gone",
        f"RUN rm {_HOOKS}/20-executors.groovy",
        failed={"hooks.ran": "not executed: 20-executors.groovy"},
    ),
    row(
        "an agent port that is off",
        placed("hudson-security.xml", _REF),
        files={"hudson-security.xml": _OFF},
        failed={"agent.listener": "404"},
    ),
    row(
        "an agent port that is another one",
        placed("hudson-security.xml", _REF),
        files={"hudson-security.xml": _OFF.replace(b"-1", b"50001")},
        failed={
            "agent.listener": "X-Hudson-JNLP-Port: 50001",
            "agent.port": "port 50001: this port is not mapped",
        },
    ),
    row(
        "a config.xml that is cut off",
        placed("config.xml", _REF),
        files={"config.xml": _CUT},
        failed={"boot.ready": "put a whole config.xml into the home"},
    ),
    row(
        "an entry point that ends",
        'ENTRYPOINT ["/bin/sh", "-c", "echo bye; exit 7"]',
        failed={"boot.ready": "ended by itself with exit code 7"},
    ),
    row(
        "a controller that dies on the way",
        f'ENTRYPOINT ["/bin/sh", "-c", "{_HALF}"]',
        failed={"boot.ready": "ended by itself with exit code 9; last milestone"},
    ),
    row(
        "no Java",
        "RUN rm -f $(command -v java)",
        failed={"boot.ready": "ended by itself with exit code 12"},
    ),
    row(
        "a port that never opens",
        'ENTRYPOINT ["/bin/sleep", "600"]',
        trial="verify: {memory: 1g, timeout: 4}",
        failed={"boot.ready": "nothing answered on port 8080 after 4 s"},
    ),
    row(
        "a start that is too slow",
        'ENTRYPOINT ["/bin/sh", "-c", "sleep 60; exec /usr/local/bin/jbuild-start"]',
        trial="verify: {memory: 1g, timeout: 5}",
        failed={"boot.ready": "after 5 s; initialization never began"},
    ),
    row(
        "a home that the user may not write",
        "ENV HUDSON_HOME=/etc/nobody JENKINS_HOME=/etc/nobody",
        failed={"boot.ready": "cannot write to /etc/nobody as user 1000:1000"},
    ),
    row(
        "far too little memory",
        trial="verify: {memory: 24m, timeout: 60}",
        failed={"boot.ready": "memory"},
    ),
    row(
        "too little memory",
        trial="verify: {memory: 48m, timeout: 60}",
        failed={"boot.ready": "memory"},
    ),
    row(
        "hardly enough memory",
        trial="verify: {memory: 64m, timeout: 60}",
        failed={"boot.ready": "memory"},
    ),
]


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
@live
@pytest.mark.parametrize(("lines", "files", "trial", "failed"), _SPOILT)
def test_the_real_controller_shows_it(  # noqa: PLR0913, PLR0917  # a row has so many
    quickstart: Quickstart,
    spoil: Spoil,
    lines: tuple[str, ...],
    files: Mapping[str, bytes],
    trial: str,
    failed: Mapping[str, str],
) -> None:
    image = spoil(*lines, files=files) if lines else quickstart.reference
    found = verified(quickstart, image, trial=trial).failed_checks()
    assert set(found) == set(failed)
    for check, words in failed.items():
        told = found[check]
        assert words in f"{told['seen']} {told['hint']} {told['evidence']}"
        assert told["expected"]
        assert told["hint"]
        assert told["why"]


def verified(
    quickstart: Quickstart, image: str, *options: str, trial: str = _TRIAL, code: int = 1
) -> Run:
    """Verify with a trial of its own; it is no part of the fingerprint, so the lock still fits."""
    formula = quickstart.folder / "formula.yaml"
    text = formula.read_text()
    assert _TRIAL in text
    formula.write_text(text.replace(_TRIAL, trial))
    try:
        done = jbuild("verify", image, "--json", *options, folder=quickstart.folder)
    finally:
        formula.write_text(text)
    assert done.code == code, done.stderr
    return done


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
@live
def test_a_plugin_taken_out_is_in_every_report(
    quickstart: Quickstart, spoil: Spoil, tmp_path: Path
) -> None:
    options = [f"--report={kind}={tmp_path / kind}" for kind in KINDS]
    done = verified(quickstart, spoil(f"RUN rm {_PLUGINS}/greenballs.hpi"), *options)
    assert set(done.failed_checks()) == {"plugins.present"}
    report = json.loads((tmp_path / "json").read_text())
    assert [e["id"] for e in report["checks"] if e["status"] == "failed"] == ["plugins.present"]
    cases = junit_cases((tmp_path / "junit").read_bytes())
    assert [each for each, end in cases.items() if end == "failure"] == ["jbuild.plugins.present"]
    assert "greenballs 1.6: missing" in page_text((tmp_path / "html").read_bytes())


_REPLAYED = [
    ("plugin-missing-dependency", None, "plugins.loaded"),
    ("plugin-dependency-too-old", None, "plugins.loaded"),
    ("plugin-optional-dependency-too-old", None, "plugins.loaded"),
    ("plugin-cyclic-dependency", None, "plugins.loaded"),
    ("plugin-requires-newer-core", None, "plugins.loaded"),
    ("plugin-requires-newer-java", None, "plugins.loaded"),
    ("plugin-start-throws", None, "plugins.loaded"),
    ("plugin-corrupt-archive", None, "plugins.loaded"),
    ("plugin-bad-manifest", None, "plugins.loaded"),
    ("plugin-archive-lacks-a-library", None, "plugins.loaded"),
    ("plugin-initializer-linkage-error-is-swallowed", None, "plugins.loaded"),
    ("init-groovy-throws", None, "hooks.clean"),
    ("init-groovy-syntax-error", None, "hooks.clean"),
    ("config-xml-truncated", None, "boot.config"),
    ("config-xml-not-well-formed", None, "boot.config"),
    ("java-25-refused", 0, "boot.ready"),
    ("http-port-in-use", 1, "boot.ready"),
    ("xmx-16m", 1, "boot.ready"),
    ("xmx-32m", -1, "boot.ready"),
    ("disk-full", -1, "boot.ready"),
    ("jenkins-home-not-writable", -1, "boot.ready"),
    ("config-xml-names-a-missing-plugin", -1, "boot.ready"),
    ("../casc/unknown-root-key", -1, "boot.ready"),
    ("../casc/unknown-attribute", -1, "boot.ready"),
    ("../casc/unknown-symbol", -1, "boot.ready"),
    ("../casc/merge-conflict", -1, "boot.ready"),
    ("../casc/configuration-file-absent", -1, "boot.ready"),
    ("../casc/yaml-syntax-error", -1, "boot.ready"),
]


@needs_recordings
@pytest.mark.parametrize(("name", "code", "check"), _REPLAYED)
def test_a_recording_of_jenkins_shows_it(name: str, code: int | None, check: str) -> None:
    """``code``: None where it came up, -1 where its boot failed for ever."""
    log = recorded(f"boot/{name}.log")
    ending = Ending.FAILED_BOOT if code == -1 else Ending.EXITED
    down = replace(NOT_READY, ending=ending, exit_code=code if code != -1 else None, log=log)
    seen = replace(GOOD, log=log) if code is None else down
    report = judged(seen, locked(family=Family.JENKINS, core="2.346.3"))
    (found,) = (each for each in report.findings if each.check.id == check)
    assert found.status is Status.FAILED
    assert found.hint
    assert found.evidence


_CONFIGURED = [  # CasC files, the check that fails, words of what it says
    (("jenkins: {mode: NORMAL, mode: EXCLUSIVE}",), "casc.files", "mode a second time"),
    (("jenkins: {numExecutors: none}",), "casc.files", "no whole number"),
    (("jenkins: {mode: NORMAL}", "jenkins: {mode: EXCLUSIVE}"), "casc.files", "different things"),
    (("jenkins: {views: [{name: a}]}",) * 2, "casc.files", "doubled"),
    (("jenkins: [",), "casc.files", "no YAML"),
    (("jenkins: {numExecutors: 3}",), "casc.applied", "in force '0'"),
    (("jenkins: {securityRealm: local, authorizationStrategy: x}",), "access.admin", "200"),
]


@pytest.mark.parametrize(("texts", "check", "words"), _CONFIGURED)
def test_configuration_that_is_taken_otherwise_is_told(
    texts: tuple[str, ...], check: str, words: str
) -> None:
    pages = [
        Answer(path="/api/json", status=200, body=json.dumps(IN_FORCE).encode()),
        Answer(path=SYSTEM_INFO, status=200),
    ]
    others = (each for each in GOOD.answers if each.path not in {e.path for e in pages})
    found = finding(report(replace(GOOD, answers=(*others, *pages)), casc(*texts)), check)
    assert found.status is Status.FAILED
    assert words in found.seen
    assert found.hint


_TOKENS = [  # a spoilt controller, the check that fails
    ({"is_enabled": False}, "token.accepted"),
    ({"path": "/authenticate"}, "token.review"),
    ({"sends": "password"}, "token.review"),
    ({"trusts_all": True}, "token.refused"),
    ({"trusts_all": True}, "token.accepted"),
    ({"needs_server": True}, "token.password"),
]


@pytest.mark.network
@live
@pytest.mark.parametrize(("spoilt", "check"), _TOKENS)
def test_log_ins_by_token_that_go_wrong_are_told(spoilt: dict[str, object], check: str) -> None:
    found = findings(replace(GOOD, log_ins=tried(**spoilt)))[check]
    assert found.status is Status.FAILED
    assert found.hint


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
@live
def test_a_volume_that_an_older_image_left_is_told(quickstart: Quickstart, spoil: Spoil) -> None:
    """The plugin there is nobody's but the user's, so the image leaves it alone."""
    script = (
        "mkdir -p /var/jenkins_home/plugins; cp /opt/greenballs.hpi /var/jenkins_home/plugins/; "
        "exec /usr/bin/tini -- /usr/local/bin/jbuild-start"
    )
    entry = f'ENTRYPOINT ["/bin/sh", "-c", "{script}"]'
    stale = {"greenballs.hpi": plugin("greenballs", "1.5")}
    old = spoil("COPY greenballs.hpi /opt/", entry, files=stale)
    done = verified(quickstart, quickstart.reference, "--from", old)
    assert set(done.failed_checks()) == {"upgrade.plugins"}
    assert "1.5 is there instead" in str(done.failed_checks()["upgrade.plugins"])


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
@live
def test_the_good_image_passes_every_time(quickstart: Quickstart) -> None:
    """Two at a time, as often as ``JBUILD_TEST_GOOD_BOOTS`` says; a release takes 50."""
    times = int(os.environ.get("JBUILD_TEST_GOOD_BOOTS", "4"))

    def once(_: int) -> Run:
        return jbuild("verify", quickstart.reference, "--json", folder=quickstart.folder)

    with ThreadPoolExecutor(max_workers=2) as pool:
        done = tuple(pool.map(once, range(times)))
    assert [each.code for each in done] == [0] * times, [e.stdout for e in done if e.code]


def test_the_matrix_has_forty_rows() -> None:
    assert len(_SPOILT) + len(_REPLAYED) >= 40
