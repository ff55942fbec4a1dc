"""Judges what the controller answers over HTTP and on its agent port."""

import json

from builder.model.answer import Answer
from builder.model.controller import AGENT_PORT
from builder.model.report import Ending, Finding, Observation
from builder.verify.checks import (
    AGENT_ANSWER,
    AGENT_LISTENER,
    API,
    HTTP_API,
    HTTP_ROOT,
    LISTENER,
    ROOT,
    Expectation,
)
from builder.verify.findings import NOT_READY, failed, passed, skipped
from builder.verify.log import BootLog

_OK = 200
_NEEDS_LOGIN = {302, 401, 403}
_NOT_FOUND = 404
_WIZARD = "initial setup is required"
_SHOWN = 500  # bytes of a body that are evidence
_BODY_LIMIT = 64 * 1024  # what an observation keeps of a body


def judge_answers(expected: Expectation, seen: Observation, log: BootLog) -> tuple[Finding, ...]:
    """Judge root page, API, advertised agent port and the port itself."""
    if seen.ending is not Ending.READY:
        checks = (HTTP_ROOT, HTTP_API, AGENT_LISTENER, AGENT_ANSWER)
        return tuple(skipped(each, each.title, NOT_READY) for each in checks)
    return (
        _root(expected, _answer(seen, ROOT)),
        _api(expected, _answer(seen, API)),
        _listener(expected, seen, log),
        _port(expected, seen),
    )


def _answer(seen: Observation, path: str) -> Answer:
    return seen.answer(path) or Answer(path=path, status=None, error="never asked")


def _root(expected: Expectation, answer: Answer) -> Finding:
    name = expected.controller.version_header
    wanted = f"200 and {name}: {expected.core}"
    version = answer.header(name)
    said = f"{_said(answer)}, {name}: {version}" if version else f"{_said(answer)}, no {name}"
    if version != expected.core or answer.status not in {_OK, *_NEEDS_LOGIN}:
        return failed(HTTP_ROOT, wanted, said, _headers(answer))
    note = "" if answer.status == _OK else " (a log-in is needed to see the page)"
    return passed(HTTP_ROOT, wanted, said + note)


def _api(expected: Expectation, answer: Answer) -> Finding:
    wanted = "200 and JSON"
    if answer.status == _OK and _is_json(answer):
        return passed(HTTP_API, wanted, "200, JSON", (_shown(answer),))
    is_controller = answer.header(expected.controller.version_header) is not None
    if answer.status in _NEEDS_LOGIN and is_controller:
        return passed(HTTP_API, wanted, f"{answer.status}: answered, but a log-in is needed")
    said = f"{_said(answer)}, no JSON" if answer.status == _OK else _said(answer)
    return failed(HTTP_API, wanted, said, _headers(answer))


def _shown(answer: Answer) -> str:
    """Show the head of a body: what hooks have set is often seen there."""
    return answer.body[:_SHOWN].decode(errors="replace")


def _is_json(answer: Answer) -> bool:
    if len(answer.body) >= _BODY_LIMIT:  # cut off: as far as can be told
        return answer.body.lstrip().startswith(b"{")
    try:
        return isinstance(json.loads(answer.body), dict)
    except ValueError:
        return False


def _listener(expected: Expectation, seen: Observation, log: BootLog) -> Finding:
    answer = _answer(seen, LISTENER)
    name = expected.controller.port_header
    wanted = f"200 and {name}: {AGENT_PORT}"
    port = answer.header(name)
    if answer.status == _OK and port == str(AGENT_PORT):
        return passed(AGENT_LISTENER, wanted, f"200, {name}: {port}")
    said = f"{_said(answer)}, {name}: {port}" if port else f"{_said(answer)}, no {name}"
    if answer.status == _NOT_FOUND:
        said = f"{_said(answer)}: {_why_missing(expected, seen, log)}"
    return failed(AGENT_LISTENER, wanted, said, log.port_refused or _headers(answer))


def _why_missing(expected: Expectation, seen: Observation, log: BootLog) -> str:
    """Tell the four causes of a 404 apart."""
    root = _answer(seen, ROOT)
    if root.status == _NOT_FOUND and root.header(expected.controller.version_header) is None:
        return "the controller answers below a path prefix only"
    if log.port_refused:
        return "the agent port could not be opened"
    if any(_WIZARD in line for line in seen.log):
        return "the agent port is closed until the setup wizard is done"
    return "the agent port is disabled"


def _port(expected: Expectation, seen: Observation) -> Finding:
    wanted = f"port {AGENT_PORT} answers a ping as the controller's agent port"
    port = seen.agent_port
    if port is None or port.port is None:
        return skipped(AGENT_ANSWER, wanted, "the controller advertises no agent port")
    name = f"port {port.port}"
    if not port.reached:
        return failed(AGENT_ANSWER, wanted, f"{name}: {port.error or 'no connection'}")
    if not port.answer:
        said = f"{name} was opened and said nothing: nobody listens behind it"
        return failed(AGENT_ANSWER, wanted, said, (port.error,) if port.error else ())
    if not port.answer.startswith(expected.controller.ping_answer):
        said = f"{name} is not the controller's agent port: it said {_text(port.answer)}"
        return failed(AGENT_ANSWER, wanted, said)
    return passed(AGENT_ANSWER, wanted, f"{name}: {_text(port.answer)}")


def _said(answer: Answer) -> str:
    return str(answer.status) if answer.status else f"no answer ({answer.error})"


def _headers(answer: Answer) -> tuple[str, ...]:
    return tuple(f"{name}: {value}" for name, value in answer.headers)


def _text(content: bytes) -> str:
    return repr(content[:60].decode(errors="replace"))
