"""Sends a real agent to a controller: a node is made, and its jar fetched and run beside it.

The agent runs in a container of the same image, whose Java runs it, in the controller's network.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from builder.adapters.boot_container import Log, Running
from builder.adapters.boot_probes import Probes
from builder.adapters.boot_session import Session
from builder.model.agents import AgentRun
from builder.model.controller import HTTP_PORT, Family
from builder.model.report import Trial

_NAME = "jbuild-probe"
_MAKE = "/computer/doCreateItem"
_STATE = f"/computer/{_NAME}/api/json?tree=offline"
_JAR_BYTES = 32 * 1024**2
_ARGUMENT = re.compile(r"<argument>([^<]*)</argument>")
_ASK_S, _CONNECT_S, _PAUSE_S = 20.0, 45.0, 0.2


class _Kind(Struct, frozen=True, kw_only=True):
    """What differs between families.

    Source: a running Jenkins 2.346.3 (its recordings) and a running Hudson 3.3.2.
    """

    type: str
    jar: str
    launch: str  # its launch file
    has_secret: bool  # the launch file is for those who may see it; the secret opens it


_KINDS = {
    Family.JENKINS: _Kind(
        type="hudson.slaves.DumbSlave",
        jar="/jnlpJars/agent.jar",
        launch=f"/computer/{_NAME}/jenkins-agent.jnlp",
        has_secret=True,
    ),
    Family.HUDSON: _Kind(
        type="hudson.slaves.DumbSlave$DescriptorImpl",
        jar="/jnlpJars/slave.jar",
        launch=f"/computer/{_NAME}/slave-agent.jnlp",
        has_secret=False,
    ),
}


def connect(boots: Session, started: Running, probes: Probes, trial: Trial) -> AgentRun:
    """Make a node, send its agent, and tell whether the controller calls it online."""
    kind = _KINDS[trial.controller.family]
    made = probes.post(_MAKE, _ASK_S, _form(kind.type))
    launch = probes.ask(kind.launch, _ASK_S)
    jar = probes.ask(kind.jar, _ASK_S, most=_JAR_BYTES)
    for each in (made, launch, jar):
        if each.status not in {200, 302}:
            return AgentRun(refused=f"{each.path} answered {each.status or each.error}")
    arguments = _ARGUMENT.findall(launch.body.decode(errors="replace"))
    secret = ("-secret", arguments[0]) if kind.has_secret and arguments else ()
    url = f"http://127.0.0.1:{HTTP_PORT}{trial.prefix}{kind.launch}"
    with _agent(boots, started, jar.body, ("-jnlpUrl", url, *secret)) as log:
        is_online = _comes_online(probes, log)
        return AgentRun(is_online=is_online, log=log.lines())


def _form(node_type: str) -> dict[str, str]:
    """Fill in what the form for a new node would send."""
    node = {
        "name": _NAME,
        "nodeDescription": "made by jbuild to see an agent connect",
        "numExecutors": "1",
        "remoteFS": "/tmp/agent",  # noqa: S108  # of the agent's container
        "labelString": "",
        "mode": "EXCLUSIVE",
        "type": node_type,
        "retentionStrategy": {"stapler-class": "hudson.slaves.RetentionStrategy$Always"},
        "nodeProperties": {"stapler-class-bag": "true"},
        "launcher": {"stapler-class": "hudson.slaves.JNLPLauncher"},
    }
    return {"name": _NAME, "type": node_type, "json": json.dumps(node)}


@contextmanager
def _agent(
    boots: Session, started: Running, jar: bytes, arguments: tuple[str, ...]
) -> Iterator[Log]:
    with boots.beside(started, jar, arguments) as container:
        yield Log(container)


def _comes_online(probes: Probes, log: Log) -> bool:
    """Ask until it is; an agent that ended will not be."""
    end = time.monotonic() + _CONNECT_S
    while time.monotonic() < end:
        has_ended = log.has_ended
        said = probes.ask(_STATE, _ASK_S)
        if b'"offline":false' in said.body.replace(b" ", b""):
            return True
        if has_ended:
            return False
        time.sleep(_PAUSE_S)
    return False
