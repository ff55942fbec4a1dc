"""Reports as documents, for test viewers and as pages."""

import json
import xml.etree.ElementTree as ET  # of our own making

import pytest

from builder.model.report import Check, Finding, Report, Status
from builder.report import KINDS, written
from builder.version import Version
from tests.support.reports import junit_cases, page_text

ODD = "]]> \x1b[31m</pre><script>alert(1)</script>\x00\ud800 & \u00fc"


def finding(id_: str, status: Status, seen: str = "as it should", **more: object) -> Finding:
    check = Check(id=id_, title=f"title of {id_}")
    return Finding(check=check, status=status, expected="well", seen=seen, **more)  # type: ignore[arg-type]


def report(*findings: Finding, log_tail: tuple[str, ...] = ()) -> Report:
    return Report(
        image="a/b:1",
        family="jenkins",
        version=Version("2.346.3"),
        ready_after_s=12.25,
        peak_memory=812_000_000,
        findings=findings,
        log_tail=log_tail,
    )


WHOLE = report(
    finding("plugins.present", Status.PASSED, evidence=("git 5.2.2",)),
    finding("access.admin", Status.SKIPPED, "nobody may log in"),
    finding("agent.port", Status.FAILED, ODD, hint="look in the log", evidence=("GET /x", ODD)),
    finding("custom.mine", Status.FAILED, "404", hint="mend it"),
    log_tail=("last words", ODD),
)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_report_is_written_to_the_same_bytes(kind: str) -> None:
    assert written(kind, WHOLE) == written(kind, WHOLE)
    assert written(kind, WHOLE) != written(kind, report(*WHOLE.findings[:2]))


def test_a_document_tells_all_of_it() -> None:
    told = json.loads(written("json", WHOLE))
    assert (told["schema"], told["passed"], told["image"]) == (1, False, "a/b:1")
    port = told["checks"][2]
    assert (port["id"], port["status"], port["hint"]) == ("agent.port", "failed", "look in the log")
    assert port["why"] == "Inbound agents cannot connect, and builds wait for ever."
    assert port["evidence"][0] == "GET /x"
    assert told["checks"][3]["why"] == "The formula asks for it."


def test_test_viewers_read_each_end() -> None:
    content = written("junit", WHOLE)
    assert junit_cases(content) == {
        "jbuild.plugins.present": "",
        "jbuild.access.admin": "skipped",
        "jbuild.agent.port": "failure",
        "jbuild.custom.mine": "failure",
    }
    suite = ET.fromstring(content)[0]  # noqa: S314  # of our own making
    failure = next(suite.iter("failure"))
    assert failure.get("type") == "agent.port"
    for each in ("expected: well", "hint: look in the log", "evidence: GET /x", "builds wait"):
        assert each in (failure.text or "")
    assert "last words" in (suite.findtext("system-out") or "")
    skipped = next(suite.iter("skipped"))
    assert skipped.get("message") == "nobody may log in"


def test_a_page_shows_failures_first_and_runs_nothing() -> None:
    said = page_text(written("html", WHOLE))
    places = [said.index(each) for each in ("agent.port", "custom.mine", "last words", "access.")]
    assert places == sorted(places)
    for each in ("look in the log", "GET /x", "builds wait for ever", "<script>", "12.2 s"):
        assert each in said
    assert "1 passed, 2 failed, 1 skipped" in said


def test_a_good_report_passes_everywhere() -> None:
    good = report(finding("http.root", Status.PASSED))
    assert junit_cases(written("junit", good)) == {"jbuild.http.root": ""}
    assert page_text(written("html", good)).startswith("Passed: a/b:1")
