"""Judges the agent port step by step, as far as an agent comes that the controller does not know.

Source: for Jenkins the recordings of a running 2.346.3, for Hudson a running 3.3.2.
"""

import base64
import re

from builder.model.agents import AgentTalk
from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.report import Ending, Finding, Observation, Retrial
from builder.verify.agent_images import agent_images
from builder.verify.checks import (
    AGENT_CONNECTS,
    AGENT_HANDSHAKE,
    AGENT_IDENTITY,
    AGENT_OWNER,
    AGENT_PROTOCOLS,
    AGENT_REMOTING,
    AGENT_WEBSOCKET,
    LISTENER,
    ROOT,
    WEBSOCKET,
    Expectation,
)
from builder.verify.findings import NOT_READY, failed, passed, settled, skipped
from builder.version import Version, older_than

AGENT_CHECKS = (
    AGENT_OWNER,
    AGENT_PROTOCOLS,
    AGENT_HANDSHAKE,
    AGENT_IDENTITY,
    AGENT_WEBSOCKET,
    AGENT_REMOTING,
)
_ACK = b"\x00\x03ACK"
_REFUSED = "ERROR: Unknown client name"
_UNKNOWN = b"Unknown protocol:"
_UNAUTHORIZED = b"Unauthorized access"  # Hudson's word for an agent that it does not know
_HUDSON = "Hudson has none"
_WEBSOCKET_SINCE = Version("2.217")
_TOO_OLD = f"the controller has no such page: WebSocket came with core {_WEBSOCKET_SINCE}"
_MINIMUM = "X-Remoting-Minimum-Version"
_NO_AGENTS = "no CasC file names an agent image whose tag tells its remoting"
_NO_NODE = "no agent could be sent, for no node could be made without more rights"
_SAID = re.compile(r"(?:INFO|SEVERE|WARNING): ")
_ALIVE = 400
_NOT_FOUND = 404


def judge_agents(expected: Expectation, seen: Observation) -> tuple[Finding, ...]:
    """Judge what the agent port said beyond a ping, and the WebSocket endpoint beside it."""
    if seen.ending is not Ending.READY:
        return tuple(skipped(each, each.title, NOT_READY) for each in AGENT_CHECKS)
    is_hudson = expected.controller.family is Family.HUDSON
    return (
        *_port(seen, is_hudson=is_hudson),
        _websocket(expected, seen, is_hudson=is_hudson),
        _remoting(expected, seen.answer(LISTENER)),
    )


def _port(seen: Observation, *, is_hudson: bool) -> tuple[Finding, ...]:
    talk = seen.agents
    if talk is None:
        why = "the agent port could not be reached"
        return tuple(skipped(each, each.title, why) for each in AGENT_CHECKS[:4])
    if is_hudson:
        return (
            skipped(AGENT_OWNER, AGENT_OWNER.title, _HUDSON),
            _nonsense(talk),
            _hudson_handshake(talk),
            skipped(AGENT_IDENTITY, AGENT_IDENTITY.title, _HUDSON),
        )
    return (
        _owner(talk, seen.answer(ROOT)),
        _nonsense(talk, seen.answer(LISTENER)),
        _handshake(talk),
        _identity(talk, seen.answer(LISTENER)),
    )


def _owner(talk: AgentTalk, root: Answer | None) -> Finding:
    """Hold the port's own page to the headers of the web page."""
    pairs = (("Jenkins-Version", "X-Jenkins"), ("Jenkins-Session", "X-Jenkins-Session"))
    asked = [(name, root.header(header)) for name, header in pairs] if root else []
    wanted = ", ".join(f"{name}: {value}" for name, value in asked if value)
    if not wanted:
        return skipped(AGENT_OWNER, AGENT_OWNER.title, "the web page does not say who it is")
    lines = talk.page.answer.decode(errors="replace").splitlines()
    if all(f"{name}: {value}" in lines for name, value in asked if value):
        return passed(AGENT_OWNER, wanted, wanted)
    said = "another program answers on the agent port" if lines else _silence(talk.page.error)
    return failed(AGENT_OWNER, wanted, said, tuple(lines))


def _nonsense(talk: AgentTalk, listener: Answer | None = None) -> Finding:
    """Want the protocol that agents speak, and no other words for one that nobody has."""
    wanted = f"{talk.handshake.protocol} is offered, an unknown protocol is refused"
    offered = listener.header("X-Jenkins-Agent-Protocols") if listener else None
    if offered is not None and talk.handshake.protocol not in offered.split(", "):
        return failed(AGENT_PROTOCOLS, wanted, f"offered: {offered or 'nothing'}")
    if not talk.nonsense.answer.startswith(_UNKNOWN):
        said = f"an unknown protocol is answered with {_text(talk.nonsense.answer)}"
        return failed(AGENT_PROTOCOLS, wanted, said)
    return passed(AGENT_PROTOCOLS, wanted, f"offered: {offered or 'not said'}; unknown: refused")


def _handshake(talk: AgentTalk) -> Finding:
    shake = talk.handshake
    wanted = f"{shake.protocol}: TLS, then {_REFUSED}"
    if shake.greeting != _ACK:
        said = _text(shake.greeting) if shake.greeting else _silence(shake.error)
        return failed(AGENT_HANDSHAKE, wanted, f"no greeting: {said}")
    if shake.key is None:
        return failed(AGENT_HANDSHAKE, wanted, f"greeted, then no TLS: {_silence(shake.error)}")
    verdict = next((each for each in shake.frames if not each.startswith("{")), None)
    if verdict is None:
        said = f"TLS, then no verdict on the agent: {_silence(shake.error)}"
        return failed(AGENT_HANDSHAKE, wanted, said, shake.frames)
    if not verdict.startswith(_REFUSED):
        said = f"an agent that is not there was told {verdict!r}"
        return failed(AGENT_HANDSHAKE, wanted, said, (verdict,))
    return passed(AGENT_HANDSHAKE, wanted, f"{shake.protocol}: TLS, then {verdict}")


def _hudson_handshake(talk: AgentTalk) -> Finding:
    shake = talk.handshake
    wanted = f"{shake.protocol}: {_UNAUTHORIZED.decode()}"
    said = _text(shake.greeting) if shake.greeting else _silence(shake.error)
    if not shake.greeting.startswith(_UNAUTHORIZED):
        return failed(AGENT_HANDSHAKE, wanted, said)
    return passed(AGENT_HANDSHAKE, wanted, said)


def _identity(talk: AgentTalk, listener: Answer | None) -> Finding:
    wanted = "X-Instance-Identity is the key of the agent port's certificate"
    header = listener.header("X-Instance-Identity") if listener else None
    if header is None or talk.handshake.key is None:
        missing = "the page names no identity" if header is None else "the port showed no key"
        if listener and header is None and talk.handshake.key is not None:
            return failed(AGENT_IDENTITY, wanted, missing)
        return skipped(AGENT_IDENTITY, wanted, missing)
    key = base64.b64encode(talk.handshake.key).decode()
    if key != header:
        lines = (f"X-Instance-Identity: {header}", f"key of the agent port: {key}")
        return failed(AGENT_IDENTITY, wanted, "two different keys", lines)
    return passed(AGENT_IDENTITY, wanted, f"the same key: {key[:24]}...")


def _websocket(expected: Expectation, seen: Observation, *, is_hudson: bool) -> Finding:
    wanted = f"{WEBSOCKET} answers {_ALIVE}: it is for agents only"
    answer = seen.answer(WEBSOCKET)
    if is_hudson or answer is None:
        return skipped(AGENT_WEBSOCKET, wanted, _HUDSON if is_hudson else "never asked")
    if answer.status == _ALIVE:
        return passed(AGENT_WEBSOCKET, wanted, str(_ALIVE))
    if answer.status == _NOT_FOUND and older_than(expected.core, _WEBSOCKET_SINCE):
        return skipped(AGENT_WEBSOCKET, wanted, _TOO_OLD)
    said = f"{answer.status}" if answer.status else f"no answer ({answer.error})"
    return failed(AGENT_WEBSOCKET, wanted, said)


def _remoting(expected: Expectation, listener: Answer | None) -> Finding:
    """Hold the agents that CasC files name to what the controller asks of agents."""
    oldest = listener.header(_MINIMUM) if listener else None
    images = agent_images(expected.casc)
    if oldest is None or not images:
        is_hudson = expected.controller.family is Family.HUDSON
        unsaid = _HUDSON if is_hudson else f"no {_MINIMUM} is told"
        why = unsaid if oldest is None else _NO_AGENTS
        return skipped(AGENT_REMOTING, AGENT_REMOTING.title, why)
    faults = tuple(
        f"{each.place}: {each.image} has remoting {each.remoting}"
        for each in images
        if older_than(each.remoting, Version(oldest))
    )
    well = f"all of {len(images)} images"
    return settled(AGENT_REMOTING, f"{_MINIMUM}: {oldest}", faults, well)


def judge_connection(seen: Observation, retrial: Retrial) -> tuple[Finding, ...]:
    """Judge what came of a real agent, where one was wished."""
    wanted = "the controller calls the agent online"
    if not retrial.connects:
        return ()
    run = seen.agent
    if seen.ending is not Ending.READY or run is None:
        return (skipped(AGENT_CONNECTS, wanted, NOT_READY),)
    if run.refused:
        return (skipped(AGENT_CONNECTS, wanted, f"{_NO_NODE}: {run.refused}"),)
    said = next((each for each in reversed(run.log) if _SAID.match(each)), "it said nothing")
    if run.is_online:
        return (passed(AGENT_CONNECTS, wanted, f"online; {said}", run.log),)
    return (failed(AGENT_CONNECTS, wanted, f"not online; {said}", run.log),)


def _silence(error: str | None) -> str:
    return error or "closed without a word"


def _text(content: bytes) -> str:
    return repr(content[:60].decode(errors="replace"))
