"""Log-ins by token: tried on a stand-in over HTTP, held to the recordings, and judged."""

import re
from functools import partial

import pytest
from msgspec.structs import replace

from builder.adapters.boot_log_ins import try_log_ins
from builder.adapters.boot_probes import Probes
from builder.adapters.token_server import token_server
from builder.model.report import Ending, Finding, Observation, Relived, Retrial, Status
from builder.model.reviews import Credential, LoggedIn, Verdict
from builder.settings import Login
from builder.verify.token import LOG_INS, judge_token
from tests.fakes.recorded_jenkins import RECORDED
from tests.fakes.token_jenkins import Plugin, token_jenkins
from tests.unit.verify.observations import GOOD, NOT_READY
from tests.unit.verify.test_boot_causes import needs_recordings

_ASKED = Retrial(reviews=True)
_ACCOUNT = Login(host="", user="admin", password="pass-word")  # noqa: S106  # of the stand-in
_RECORDED = {  # by the words of a row: file, section
    "a good token": ("no-cache", "right token"),
    "the same again": ("no-cache", "the same again"),
    "the token of another user": ("no-cache", "token of another user: the server answers user=bob"),
    "a user whom the realm does not know": (
        "no-cache",
        "token good, user unknown to the security realm",
    ),
    "no log-in": ("no-cache", "no credentials"),
    "a bad token": ("no-cache", "bad token"),
    "the server answers 500": ("no-cache", "token server mode 500"),
    "the server answers 401": ("no-cache", "token server mode 401"),
    "the server answers 201": ("no-cache", "token server mode 201"),
    "the answer has no status": ("no-cache", "token server mode nostatus"),
    "the answer has no user": ("no-cache", "token server mode nouser"),
    "the answer is no JSON": ("no-cache", "token server mode notjson"),
    "the answer is empty": ("no-cache", "token server mode empty"),
    "the server is not there": (
        "server-absent-and-plugin-disabled",
        "token server not listening: token",
    ),
    "a password": ("no-cache", "real password"),
    "a password while the server answers 500": (
        "no-cache",
        "real password while the token server answers 500",
    ),
    "a password while the server is not there": (
        "server-absent-and-plugin-disabled",
        "token server not listening: real password",
    ),
}


def tried(**spoilt: object) -> tuple[LoggedIn, ...]:
    """Try all log-ins on a stand-in, over real sockets."""
    with token_server("127.0.0.1") as server:
        url = f"http://127.0.0.1:{server.port}"
        plugin = Plugin(server=url, passwords={"admin": "pass-word"}, **spoilt)  # type: ignore[arg-type]  # of the rows
        with token_jenkins(plugin) as port:
            return try_log_ins(partial(Probes, "127.0.0.1", port), server, LOG_INS, _ACCOUNT)


def findings(seen: Observation | None) -> dict[str, Finding]:
    found = judge_token(Relived(retrial=_ASKED, reviewed=seen))
    return {each.check.id: each for each in found}


@pytest.mark.network
@pytest.mark.usefixtures("socket_enabled")
def test_a_controller_that_does_as_recorded_passes() -> None:
    found = findings(replace(GOOD, log_ins=tried()))
    assert {each.status for each in found.values()} == {Status.PASSED}, found
    assert found["token.review"].seen == "14 as wanted"
    assert found["token.review"].evidence == ("POST /oauth/authenticate",)


@pytest.mark.network
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("spoilt", "failed", "words"),
    [
        ({"is_enabled": False}, {"token.review", "token.accepted"}, "0 reviews instead of 1"),
        ({"path": "/authenticate"}, {"token.review"}, "POST /oauth/authenticate was wanted"),
        ({"sends": "password"}, {"token.review"}, "there is no spec.token"),
        ({"trusts_all": True}, {"token.accepted", "token.refused"}, "to be kept out was wanted"),
        ({"needs_server": True}, {"token.password"}, "let in as admin was wanted, 401 came"),
    ],
)
def test_each_fault_is_told_by_its_check(
    spoilt: dict[str, object], failed: set[str], words: str
) -> None:
    found = findings(replace(GOOD, log_ins=tried(**spoilt)))
    assert {name for name, each in found.items() if each.status is Status.FAILED} == failed
    assert any(words in found[name].seen for name in failed)
    assert "pass-word" not in str(found)


@needs_recordings
@pytest.mark.parametrize("wished", LOG_INS, ids=lambda each: each.name)
def test_each_row_wants_what_a_real_jenkins_answered(wished: object) -> None:
    (row,) = (each for each in LOG_INS if each is wished)
    file, section = _RECORDED[row.name]
    text = (RECORDED / "token-auth" / f"{file}.txt").read_text()
    told = text.split(f"## {section}\n", 1)[1].partition("\n##")[0]
    status, who = re.findall(r"^answer +([0-9]+) +'([^']*)'", told, re.MULTILINE)[0]
    (count,) = re.findall(r"sent to the token server: ([0-9]+)", told)
    assert row.reviews == int(count)
    assert row.gets_in == (status == "200" and who == "admin")
    if row.credential is Credential.NOTHING:
        assert who == "anonymous"


def test_a_server_that_is_gone_is_gone_last() -> None:
    verdicts = [each.verdict for each in LOG_INS]
    first = verdicts.index(Verdict.GONE)
    assert set(verdicts[first:]) == {Verdict.GONE}


def test_without_the_plugin_or_a_way_to_us_it_is_skipped_and_told() -> None:
    for seen, words in ((None, "no kubesphere-token-auth is locked"), (GOOD, "another machine")):
        found = findings(seen)
        assert {each.status for each in found.values()} == {Status.SKIPPED}
        assert all(words in each.seen for each in found.values())


def test_a_boot_that_fails_beside_the_server_is_a_failure() -> None:
    found = findings(replace(NOT_READY, ending=Ending.FAILED_BOOT))
    assert {each.status for each in found.values()} == {Status.FAILED}


def test_who_did_not_ask_gets_no_findings() -> None:
    assert judge_token(Relived()) == ()
