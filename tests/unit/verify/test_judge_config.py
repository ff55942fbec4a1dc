"""Configuration as code, held to the recordings of 1.53 on Jenkins 2.346.3."""

import json
import re
from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.formula import InputFile, TrialWishes
from builder.model.report import Ending, Finding, Observation, Report, Status
from builder.verify import expect, trial
from builder.verify.casc_files import Casc
from builder.verify.judge import judge
from tests.fakes.shared import DATA
from tests.unit.verify.observations import GOOD, NOT_READY, finding, judged, locked

RECORDED = DATA / "jenkins-2.346.3"
needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)
IN_FORCE = {
    "mode": "NORMAL",
    "numExecutors": 0,
    "slaveAgentPort": 0,
    "description": "hello",
    "useSecurity": True,
    "useCrumbs": True,
}
ASKS = "jenkins: {authorizationStrategy: {loggedInUsersCanDoAnything: {allowAnonymousRead: true}}}"


def casc(*texts: str, overrides: bool = False) -> Casc:
    return Casc(
        files=tuple(
            InputFile(path=PurePosixPath(f"casc/{name}.yaml"), content=text.encode())
            for name, text in zip("abc", texts, strict=False)
        ),
        overrides=overrides,
    )


def report(seen: Observation, read: Casc, family: Family = Family.JENKINS) -> Report:
    lock = locked(family=family, core="2.346.3")
    return judge(replace(expect(lock, trial("image:1", lock, TrialWishes())), casc=read), seen)


def recorded(name: str) -> tuple[Observation, Casc]:
    """Read a recording: log, answer of the API, and the files with their text."""
    text = (RECORDED / "casc" / name).read_text(errors="replace")
    log = text.partition("##### log\n")[2].partition("\n##### ")[0].splitlines()
    body = re.search(r"> GET /api/json\n\nHTTP/1.1 200.*?\n\n(.*?)\n", text, re.DOTALL)
    files = re.findall(r"^--- \S+\n(.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    assert body
    assert files
    answer = Answer(path="/api/json", status=200, body=body[1].encode())
    return replace(GOOD, log=tuple(log), answers=(answer,)), casc(*files)


def applied(in_force: dict[str, object], text: str, status: int = 200) -> Finding:
    answer = Answer(path="/api/json", status=status, body=json.dumps(in_force).encode())
    return finding(report(replace(GOOD, answers=(answer,)), casc(text)), "casc.applied")


@needs_recordings
def test_a_good_recording_passes() -> None:
    found = report(*recorded("ok.log"))
    assert finding(found, "casc.files").status is Status.PASSED
    shown = finding(found, "casc.applied")
    assert shown.status is Status.PASSED
    assert "jenkins.slaveagentport '-1', in force '-1'" in shown.seen


@needs_recordings
def test_a_key_given_twice_loses_security_and_both_checks_say_so() -> None:
    found = report(*recorded("duplicate-key-in-one-file.log"))
    assert finding(found, "casc.files").status is Status.FAILED
    shown = finding(found, "casc.applied")
    assert shown.status is Status.FAILED
    assert "sets useSecurity: false in force" in shown.seen


@needs_recordings
def test_a_variable_that_is_not_set_is_named() -> None:
    shown = finding(report(*recorded("undefined-variable.log")), "casc.applied")
    assert (shown.status, shown.evidence) == (Status.FAILED, ("NOPE",))


@needs_recordings
def test_a_word_that_became_a_number_is_seen_in_force() -> None:
    found = report(*recorded("bad-value-type.log"))
    assert finding(found, "casc.files").status is Status.FAILED


@needs_recordings
def test_an_initializer_that_was_left_out_has_configured_nothing() -> None:
    name = "plugin-initializer-linkage-error-is-swallowed.log"
    log = (RECORDED / "boot" / name).read_text().partition("##### answers")[0].splitlines()
    shown = finding(report(replace(GOOD, log=tuple(log)), casc(ASKS)), "casc.applied")
    assert shown.status is Status.FAILED
    assert "nothing is configured" in shown.seen


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("jenkins: {slaveAgentPort: fixed}", Status.FAILED, "'fixed', in force '0'"),
        ("jenkins: {mode: EXCLUSIVE}", Status.FAILED, "'EXCLUSIVE', in force 'NORMAL'"),
        ('jenkins: {systemMessage: "hello"}', Status.PASSED, "in force 'hello'"),
        ("jenkins: {systemMessage: '${WHO}'}", Status.SKIPPED, "without a log-in"),
        ("unclassified: {location: {url: x}}", Status.SKIPPED, "without a log-in"),
    ],
)
def test_what_is_in_force_is_compared(text: str, status: Status, said: str) -> None:
    shown = applied(IN_FORCE, text)
    assert shown.status is status
    assert said in shown.seen


def test_a_page_that_is_denied_proves_security() -> None:
    assert applied({}, ASKS, status=403).status is Status.PASSED
    assert applied({}, "jenkins: {mode: NORMAL}", status=403).status is Status.SKIPPED


def test_hudson_has_no_casc_and_no_files_need_no_check() -> None:
    found = report(GOOD, casc(ASKS), Family.HUDSON)
    for check in ("casc.files", "casc.applied"):
        assert finding(found, check).status is Status.SKIPPED
    assert not [each for each in judged(GOOD).findings if each.check.id.startswith("casc.")]


def asked(status: int, *, ready: bool = True) -> Observation:
    paths = ("/systemInfo", "/script", "/scriptText")
    answers = tuple(Answer(path=each, status=status) for each in paths)
    return replace(GOOD if ready else NOT_READY, answers=answers)


@pytest.mark.parametrize("check", ["access.admin", "access.console"])
def test_an_open_controller_fails_where_rights_are_asked_for(check: str) -> None:
    unsecured = 'jenkins: {authorizationStrategy: "unsecured"}'
    assert finding(report(asked(403), casc(ASKS)), check).status is Status.PASSED
    assert finding(report(asked(403), casc()), check).status is Status.PASSED
    assert finding(report(asked(200), casc(ASKS)), check).status is Status.FAILED
    for read in (casc(unsecured), casc()):
        found = finding(report(asked(200), read), check)
        assert found.status is Status.SKIPPED
        assert "open to anybody" in found.seen
    assert finding(report(asked(500), casc(ASKS)), check).status is Status.SKIPPED
    assert finding(report(asked(403, ready=False), casc(ASKS)), check).status is Status.SKIPPED


def test_a_boot_that_failed_leaves_nothing_to_compare() -> None:
    seen = replace(NOT_READY, ending=Ending.FAILED_BOOT)
    assert finding(report(seen, casc(ASKS)), "casc.applied").status is Status.SKIPPED
