"""Judges what somebody may do who has not logged in."""

from builder.model.answer import Answer
from builder.model.report import Check, Ending, Finding, Observation
from builder.verify.casc_files import Casc
from builder.verify.checks import ACCESS_ADMIN, ACCESS_CONSOLE, CONSOLES, SYSTEM_INFO
from builder.verify.findings import NOT_READY, failed, passed, skipped

_CHECKED = ((ACCESS_ADMIN, (SYSTEM_INFO,)), (ACCESS_CONSOLE, CONSOLES))
_STRATEGY = "jenkins.authorizationstrategy"
_OPEN = "unsecured"
_UNASKED = "open to anybody, and nothing that jbuild can read asks for more"
_OK = 200
_CLOSED = {302, 401, 403, 404, 405}


def judge_access(read: Casc, seen: Observation) -> tuple[Finding, ...]:
    """Judge administration and script console.

    An open controller is a fault only where its CasC asks for rights: hooks and a deployment's own
    configuration may ask, too, and cannot be read from here.
    """
    if seen.ending is not Ending.READY:
        return tuple(skipped(check, check.title, NOT_READY) for check, _ in _CHECKED)
    is_asked = _asks_for_rights(read)
    return tuple(
        _judged(check, tuple(map(seen.answer, paths)), is_asked=is_asked)
        for check, paths in _CHECKED
    )


def _asks_for_rights(read: Casc) -> bool:
    """Say whether any file names a strategy that is one."""
    return any(
        each.path.startswith(_STRATEGY) and _OPEN not in {each.value, each.path.rpartition(".")[2]}
        for each in read.in_force
    )


def _judged(check: Check, answers: tuple[Answer | None, ...], *, is_asked: bool) -> Finding:
    asked = tuple(each for each in answers if each)
    said = ", ".join(f"{each.path}: {each.status or each.error}" for each in asked)
    if any(each.status == _OK for each in asked):
        if is_asked:
            return failed(check, check.title, said)
        return skipped(check, check.title, f"{said}: {_UNASKED}")
    if asked and all(each.status in _CLOSED for each in asked):
        return passed(check, check.title, said)
    return skipped(check, check.title, f"no answer to judge by: {said or 'never asked'}")
