"""What a token server is sent, and what it answers."""

import json

import pytest

from builder.kubesphere.token_review import answered, read
from builder.model.reviews import Verdict
from tests.fakes.recorded_jenkins import RECORDED
from tests.unit.verify.test_boot_causes import needs_recordings

_PATH = "/oauth/authenticate"
_JSON = {"content-type": "application/json"}


def _review(**changed: object) -> bytes:
    document: dict[str, object] = {
        "apiVersion": "authentication.k8s.io/v1beta1",
        "kind": "TokenReview",
        "spec": {"token": "good-token"},
    }
    return json.dumps(document | changed).encode()


@needs_recordings
def test_what_the_plugin_really_sends_has_no_fault() -> None:
    text = (RECORDED / "token-auth" / "request-the-plugin-sends.txt").read_text()
    head, _, body = text.replace("\n\n\n", "\n\n").partition("\n\n")
    first, *lines = head.splitlines()
    method, path, _ = first.split()
    headers = {name.lower(): value for name, _, value in (e.partition(": ") for e in lines)}
    found = read(method, path, headers, body.strip().encode(), "good-token")
    assert found.faults == ()
    assert found.line == "POST /oauth/authenticate"


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "words"),
    [
        ("GET", _PATH, _JSON, _review(), "POST /oauth/authenticate was wanted"),
        ("POST", "/oauth/authenticate/", _JSON, _review(), "was wanted"),
        ("POST", _PATH, _JSON | {"authorization": "Basic x"}, _review(), "Authorization"),
        ("POST", _PATH, {}, _review(), "application/json was wanted, none came"),
        ("POST", _PATH, _JSON, b"{", "no JSON"),
        ("POST", _PATH, _JSON, b"[" * 100_000, "no JSON"),
        ("POST", _PATH, _JSON, b"[]", "no JSON object"),
        ("POST", _PATH, _JSON, _review(apiVersion="v1"), "apiVersion"),
        ("POST", _PATH, _JSON, _review(kind="Review"), "kind"),
        ("POST", _PATH, _JSON, _review(spec={"token": "x"}), "not what the user sent"),
        ("POST", _PATH, _JSON, _review(spec=None), "no spec.token"),
    ],
)
def test_what_no_server_of_the_platform_takes_is_told(
    method: str, path: str, headers: dict[str, str], body: bytes, words: str
) -> None:
    (fault,) = read(method, path, headers, body, "good-token").faults
    assert words in fault
    assert "good-token" not in fault


@pytest.mark.parametrize(
    ("verdict", "status", "document"),
    [
        (Verdict.GOOD, 200, {"authenticated": True, "user": {"username": "a", "uid": "a"}}),
        (
            Verdict.SOMEBODY_ELSE,
            200,
            {"authenticated": True, "user": {"username": "a-other", "uid": "a-other"}},
        ),
        (Verdict.REFUSED, 200, {"authenticated": False}),
        (Verdict.NO_USER, 200, {"authenticated": True}),
        (Verdict.NO_STATUS, 200, None),
    ],
)
def test_answers_hold_what_the_plugin_s_classes_know_and_nothing_else(
    verdict: Verdict, status: int, document: dict[str, object] | None
) -> None:
    said, body = answered(verdict, "a")
    read_back = json.loads(body)
    assert said == status
    assert read_back.pop("apiVersion") == "authentication.k8s.io/v1beta1"
    assert read_back.pop("kind") == "TokenReview"
    assert read_back == ({"status": document} if document else {})


def test_broken_answers_are_broken() -> None:
    broken = (Verdict.FAILS, Verdict.DENIES, Verdict.CREATED, Verdict.NO_JSON, Verdict.EMPTY)
    said = [answered(each, "a") for each in broken]
    assert [status for status, _ in said] == [500, 401, 201, 200, 200]
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(said[3][1])
