"""Judges a formula's own checks."""

import json
import re

from builder.model.answer import Answer
from builder.model.custom import CustomCheck, FileWish, GroovyWish, HttpWish, LogWish
from builder.model.report import Ending, Finding, Observation, Part
from builder.verify.checks import custom_check
from builder.verify.findings import NOT_READY, failed, passed, skipped, summary

_HINT = "the check is the formula's own: mend the image, or verify.checks"
_SHUT_HINT = (
    "give an account that may use the script console: JBUILD_VERIFY_USER and "
    "JBUILD_VERIFY_PASSWORD, or verify.overlay"
)
_OK, _SHUT = 200, {401, 403}
_BODY_LIMIT = 64 * 1024  # what an observation keeps of a body
_SHOWN = 5  # lines of a log, headers of an answer
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


def judge_custom(wishes: tuple[CustomCheck, ...], seen: Observation) -> tuple[Finding, ...]:
    """Judge each, in the order of the formula."""
    return tuple(_judged(each, seen) for each in wishes)


def _judged(wish: CustomCheck, seen: Observation) -> Finding:
    if isinstance(wish, LogWish):
        return _log(wish, seen)
    if isinstance(wish, GroovyWish):
        return _groovy(wish, seen)
    return _file(wish, seen) if isinstance(wish, FileWish) else _http(wish, seen)


def _file(wish: FileWish, seen: Observation) -> Finding:
    check = custom_check(wish)
    read = dict(seen.files)
    if wish.path not in read:
        return skipped(check, check.title, _why_unread(seen))
    content = read[wish.path]
    if (content is None) != wish.is_absent:
        said = "there is no such file" if content is None else "it is there"
        return failed(check, check.title, said, (), _HINT)
    text = (content or b"").decode(errors="replace")
    lines = text.splitlines()[:_SHOWN]
    if wish.pattern and not re.search(wish.pattern, text, re.MULTILINE):
        return failed(check, check.title, "it holds no such text", tuple(lines), _HINT)
    return passed(check, check.title, "as wanted")


def _groovy(wish: GroovyWish, seen: Observation) -> Finding:
    """Judge what a script put out; one that throws puts out its stack trace, with status 200."""
    check = custom_check(wish)
    answer = dict(seen.scripts).get(wish.script)
    if answer is None:
        is_ready = seen.ending is Ending.READY
        why = "scripts are executed in a trial boot alone" if is_ready else NOT_READY
        return skipped(check, check.title, why)
    text = answer.body.decode(errors="replace")
    if answer.status != _OK:
        hint = _SHUT_HINT if answer.status in _SHUT else _HINT
        said = f"{answer.path} answered {answer.status or answer.error}"
        return failed(check, check.title, said, (), hint)
    lines = tuple(text.splitlines()[:_SHOWN])
    if re.search(wish.pattern, text, re.MULTILINE):
        return passed(check, check.title, "as wanted", lines)
    return failed(check, check.title, "it put out something else", lines, _HINT)


def _why_unread(seen: Observation) -> str:
    if why := seen.why_unseen(Part.FILES):
        return f"{Part.FILES.value}: {why}"
    is_ready = seen.ending is Ending.READY
    return "the container could not be looked into" if is_ready else NOT_READY


def _log(wish: LogWish, seen: Observation) -> Finding:
    """Judge lines; one that may not be there is a fault however the boot ended."""
    check, pattern = custom_check(wish), re.compile(wish.pattern)
    if why := seen.why_unseen(Part.LOG):
        return skipped(check, check.title, f"{Part.LOG.value}: {why}")
    found = tuple(line for line in seen.log if pattern.search(line))
    said = f"{len(found)} lines"
    if found and wish.is_absent:
        return failed(check, check.title, said, found[:_SHOWN], _HINT)
    if found:
        return passed(check, check.title, said, found[:_SHOWN])
    if seen.ending is not Ending.READY:
        return skipped(check, check.title, NOT_READY)
    return (
        passed(check, check.title, said)
        if wish.is_absent
        else failed(check, check.title, "no such line", (), _HINT)
    )


def _http(wish: HttpWish, seen: Observation) -> Finding:
    check = custom_check(wish)
    if seen.ending is not Ending.READY:
        return skipped(check, check.title, NOT_READY)
    unasked = Answer(path=wish.path, status=None, error="never asked")
    answer = seen.answer(wish.path) or unasked
    faults = (*_outside(wish, answer), *(_body(wish, answer) if wish.values else ()))
    if not faults:
        return passed(check, check.title, f"{answer.status}, as wanted")
    lines = tuple(f"{name}: {value}" for name, value in answer.headers)
    return failed(check, check.title, summary(faults), lines[:_SHOWN], _HINT)


def _outside(wish: HttpWish, answer: Answer) -> tuple[str, ...]:
    if answer.status != wish.status:
        return (str(answer.status or f"no answer ({answer.error})"),)
    headers = ((name, value, answer.header(name)) for name, value in wish.headers)
    return tuple(
        f"{name}: {found}" if found is not None else f"no {name}"
        for name, value, found in headers
        if found != value
    )


def _body(wish: HttpWish, answer: Answer) -> tuple[str, ...]:
    if len(answer.body) >= _BODY_LIMIT:
        return ("the body is longer than 64 KiB: ask for less, with tree=",)
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ("the body is no JSON",)
    found = ((path, value, _at(said, path)) for path, value in wish.values)
    return tuple(
        f"{path} is {is_there!r}" if is_there is not None else f"no {path}"
        for path, value, is_there in found
        if is_there != value
    )


def _at(said: object, path: str) -> str | None:
    """Follow a path to a scalar, as JSON spells it; None where there is none."""
    for key, index in _STEP.findall(path):
        if key and isinstance(said, dict) and key in said:
            said = said[key]
        elif index and isinstance(said, list) and int(index) < len(said):
            said = said[int(index)]
        else:
            return None
    if isinstance(said, str):
        return said
    return None if isinstance(said, dict | list) else json.dumps(said)
