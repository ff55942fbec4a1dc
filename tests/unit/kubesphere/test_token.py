"""The static token of KubeSphere: its exact bytes, and all that keeps one from being accepted."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.kubesphere.token import objections, static_token

_SECRET = "H3OVVYLspwRRW7F6ajtnKCNaOcbIZPFl"  # noqa: S105  # made up for this test
_NOW_S = 1_700_000_000.0


def _signed(claims: object, header: object = None, secret: str = _SECRET) -> str:
    def encoded(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = {"alg": "HS256", "typ": "JWT"} if header is None else header
    text = ".".join(encoded(json.dumps(each).encode()) for each in (head, claims))
    name = {"HS512": "sha512"}.get(str(head.get("alg")) if isinstance(head, dict) else "", "sha256")
    return f"{text}.{encoded(hmac.new(secret.encode(), text.encode(), name).digest())}"


def test_the_bytes_are_those_of_the_platform() -> None:
    header, payload, signature = static_token(_SECRET).split(".")
    assert base64.urlsafe_b64decode(f"{header}==") == b'{"alg":"HS256","typ":"JWT"}'
    assert base64.urlsafe_b64decode(f"{payload}==") == (
        b'{"email":"admin@kubesphere.io","username":"admin","token_type":"static_token"}'
    )
    wanted = hmac.new(_SECRET.encode(), f"{header}.{payload}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(f"{signature}=") == wanted


@given(st.text(min_size=1))
def test_what_a_secret_signs_it_accepts_and_no_other_does(secret: str) -> None:
    token = static_token(secret)
    assert "=" not in token
    assert objections(token, secret, _NOW_S) == ()
    assert objections(token, f"{secret}x", _NOW_S) != ()


@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    token = static_token(_SECRET)
    at = data.draw(st.integers(0, len(token) - 2))  # the last letter has bits that nobody reads
    letter = data.draw(st.characters(codec="utf-8").filter(lambda each: each != token[at]))
    assert objections(token[:at] + letter + token[at + 1 :], _SECRET, _NOW_S) != ()


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "it has 1 parts between dots, and a JWT has three"),
        ("a.b", "it has 2 parts between dots, and a JWT has three"),
        ("e30=.e30.x", "it is padded with '=', which a JWT is not"),
        ("a.e30.x", "its header is no JSON object in base64url"),
        ("e30.W10.x", "its payload is no JSON object in base64url"),
        (_signed({"username": "a"}, {"alg": "none"}), "it is signed with 'none'"),
        (_signed({"username": "a"}, secret="other"), "it is signed with another secret"),  # noqa: S106
        (_signed({"user": "a"}), "it names no user"),
        (_signed({"username": ""}), "it names no user"),
        (_signed({"username": "a", "exp": _NOW_S}), "it has expired"),
        (_signed({"username": "a", "exp": "soon"}), "its claim `exp` is no time"),
        (_signed({"username": "a", "nbf": 10**400}), "its time has not come"),
        (_signed({"username": "a", "nbf": _NOW_S + 1}), "its time has not come"),
    ],
)
def test_a_refusal_has_its_reason(token: str, said: str) -> None:
    (reason,) = objections(token, _SECRET, _NOW_S)
    assert reason.startswith(said)


@pytest.mark.parametrize(
    "token",
    [
        _signed({"username": "a", "exp": _NOW_S + 1, "nbf": _NOW_S}),
        _signed({"username": "a"}, {"alg": "HS512"}),
    ],
)
def test_what_the_server_takes_is_taken(token: str) -> None:
    assert objections(token, _SECRET, _NOW_S) == ()


def _jbuild(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command line
        (sys.executable, "-m", "builder", "token", *arguments),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_makes_what_it_accepts(tmp_path: Path) -> None:
    held = tmp_path / "secret"
    held.write_text(f"{_SECRET}\n")
    made = _jbuild("--secret-file", str(held))
    assert made.stdout == f"{static_token(_SECRET)}\n"
    assert _jbuild("--secret-file", "-", given=_SECRET).stdout == made.stdout
    checked = _jbuild("--secret-file", str(held), "--check", "-", given=made.stdout)
    assert (checked.returncode, checked.stdout) == (0, "the token is accepted\n")


def test_the_command_refuses_with_every_reason_and_no_secret(tmp_path: Path) -> None:
    held = tmp_path / "secret"
    held.write_text("another")
    token = _signed({"exp": 1})
    done = _jbuild("--secret-file", str(held), "--check", token)
    assert done.returncode == 1
    assert done.stderr.count("  because: ") == 3
    assert token not in done.stderr
    assert "another\n" not in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"a\nb", "several lines"), (b"\xff", "no text")],
)
def test_a_file_that_holds_no_secret_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    held = tmp_path / "secret"
    held.write_bytes(content)
    done = _jbuild("--secret-file", str(held))
    assert (done.returncode, said in done.stderr) == (2, True)
    assert _jbuild("--secret-file", str(tmp_path / "none")).returncode == 2


def test_standard_input_is_read_once() -> None:
    assert _jbuild("--secret-file", "-", "--check", "-", given="x").returncode == 2
