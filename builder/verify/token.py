"""Judges log-ins by token: a controller beside a token server of ours, well and broken.

Source: recordings of kubesphere-token-auth 1.7 on Jenkins 2.346.3. Its authenticator comes before
core's own, so that passwords reach the token server, too.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from builder.model.controller import Family
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.model.report import Check, Ending, Finding, Observation, Relived, Trial
from builder.model.reviews import Credential, LoggedIn, LogIn, Verdict
from builder.settings import PASSWORD, TOKEN_SERVER, USER
from builder.verify.checks import (
    TOKEN_ACCEPTED,
    TOKEN_PASSWORD,
    TOKEN_REFUSED,
    TOKEN_REVIEW,
)
from builder.verify.findings import failed, passed, settled, skipped
from builder.verify.known import document
from builder.verify.overlay import overlaid

PLUGIN = "kubesphere-token-auth"
_DENIED = 400
_CHECKS = (TOKEN_REVIEW, TOKEN_ACCEPTED, TOKEN_REFUSED, TOKEN_PASSWORD)
_GOOD = LogIn(name="a good token", verdict=Verdict.GOOD, gets_in=True)
_ACCEPTED = (
    _GOOD,
    LogIn(name="the same again", verdict=Verdict.GOOD, gets_in=True),
    LogIn(name="the token of another user", verdict=Verdict.SOMEBODY_ELSE),
    LogIn(name="a user whom the realm does not know", verdict=Verdict.GOOD, is_known=False),
    LogIn(name="no log-in", verdict=Verdict.GOOD, credential=Credential.NOTHING, reviews=0),
)
_REFUSED = (
    LogIn(name="a bad token", verdict=Verdict.REFUSED),
    LogIn(name="the server answers 500", verdict=Verdict.FAILS),
    LogIn(name="the server answers 401", verdict=Verdict.DENIES),
    LogIn(name="the server answers 201", verdict=Verdict.CREATED),
    LogIn(name="the answer has no status", verdict=Verdict.NO_STATUS),
    LogIn(name="the answer has no user", verdict=Verdict.NO_USER),
    LogIn(name="the answer is no JSON", verdict=Verdict.NO_JSON),
    LogIn(name="the answer is empty", verdict=Verdict.EMPTY),
    LogIn(name="the server is not there", verdict=Verdict.GONE, reviews=0),
)
_BY_PASSWORD = tuple(
    LogIn(name=name, verdict=verdict, credential=Credential.PASSWORD, gets_in=True, reviews=count)
    for name, verdict, count in (
        ("a password", Verdict.REFUSED, 1),
        ("a password while the server answers 500", Verdict.FAILS, 1),
        ("a password while the server is not there", Verdict.GONE, 0),
    )
)
LOG_INS = tuple(
    sorted((*_ACCEPTED, *_REFUSED, *_BY_PASSWORD), key=lambda each: each.verdict is Verdict.GONE)
)
"""All that is tried; a server that is gone does not come back, so it is gone last."""

_REALM = f"""
jenkins:
  securityRealm:
    local:
      allowsSignup: false
      users: [{{id: "${{{USER}}}", password: "${{{PASSWORD}}}"}}]
  authorizationStrategy: {{loggedInUsersCanDoAnything: {{allowAnonymousRead: false}}}}
unclassified:
  kubesphereTokenAuthGlobalConfiguration: {{enabled: true, server: "${{{TOKEN_SERVER}}}"}}
"""


def reviewing(formula: Formula, locked: Lock, trial: Trial) -> Trial | None:
    """Say how an image is booted to try log-ins; None where no plugin of it asks for reviews."""
    if locked.core.family is not Family.JENKINS or PLUGIN not in {
        str(each.plugin) for each in locked.plugins
    }:
        return None
    casc = overlaid(formula, _REALM.encode())
    return replace(trial, casc=casc, log_ins=LOG_INS, connects=False, scripts=(), planted=None)


def judge_token(relived: Relived) -> tuple[Finding, ...]:
    """Judge what was tried, where it was asked for."""
    if not relived.retrial.reviews:
        return ()
    seen = relived.reviewed
    if why := _why_not(seen):
        return tuple(skipped(each, each.title, why) for each in _CHECKS)
    if seen is None or seen.ending is not Ending.READY:
        said = "with a token server of ours and users of its own it did not come up"
        return tuple(
            failed(each, each.title, said, seen.log[-5:] if seen else ()) for each in _CHECKS
        )
    done = seen.log_ins or ()
    return (
        _review(done),
        _settled(TOKEN_ACCEPTED, _ACCEPTED, done),
        _settled(TOKEN_REFUSED, _REFUSED, done),
        _settled(TOKEN_PASSWORD, _BY_PASSWORD, done),
    )


def _why_not(seen: Observation | None) -> str | None:
    if seen is None:
        return f"no {PLUGIN} is locked"
    if seen.ending is Ending.READY and seen.log_ins is None:
        return "the engine is on another machine: its containers do not reach a server here"
    return None


def _review(done: tuple[LoggedIn, ...]) -> Finding:
    """Hold the form of what was sent; a controller that sends nothing asks elsewhere."""
    wanted = "one POST to /oauth/authenticate for each log-in, with the token in a TokenReview"
    faults = [
        f"{each.tried.name}: {text}"
        for each in done
        for sent in each.reviews
        for text in sent.faults
    ]
    faults += [
        f"{each.tried.name}: {len(each.reviews)} reviews instead of {each.tried.reviews}"
        for each in done
        if len(each.reviews) != each.tried.reviews
    ]
    lines = tuple(dict.fromkeys(sent.line for each in done for sent in each.reviews))
    if faults:
        return failed(TOKEN_REVIEW, wanted, "; ".join(faults[:3]), (*lines, *faults))
    return passed(TOKEN_REVIEW, wanted, f"{sum(len(e.reviews) for e in done)} as wanted", lines)


def _settled(check: Check, tried: tuple[LogIn, ...], done: tuple[LoggedIn, ...]) -> Finding:
    by_name = {each.tried.name: each for each in done}
    faults = tuple(text for each in tried for text in _faults(each, by_name.get(each.name)))
    return settled(check, f"{len(tried)} log-ins end as they should", faults, "all of them do")


def _faults(wished: LogIn, done: LoggedIn | None) -> Iterator[str]:
    if done is None:
        yield f"{wished.name}: never tried"
        return
    status, who = done.answer.status or 0, _who(done)
    said = f"{status or done.answer.error}" + (f" as {who}" if who else "")
    if wished.gets_in and who != done.user:
        yield f"{wished.name}: let in as {done.user} was wanted, {said} came"
    elif not wished.gets_in and (not status or who not in {None, "anonymous"}):
        yield f"{wished.name}: to be kept out was wanted, {said} came"
    elif not wished.gets_in and wished.reviews and status < _DENIED:
        yield f"{wished.name}: 401 or an error was wanted, {said} came"


def _who(done: LoggedIn) -> str | None:
    said = document(done.answer)
    return str(said["name"]) if "name" in said else None
