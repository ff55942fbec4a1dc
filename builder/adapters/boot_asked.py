"""All that a controller which is up is asked: pages, agent port, and what an account sees."""

from collections.abc import Callable

from msgspec import Struct

from builder.adapters.agent_port import ping, talk
from builder.adapters.boot_probes import Probes
from builder.model.agents import AgentTalk
from builder.model.answer import Answer
from builder.model.controller import Controller
from builder.model.report import PortAnswer, Trial

LISTENER = "/tcpSlaveAgentListener/"
_CONSOLE = "/scriptText"
_SLOW_ANSWER_S = 60.0  # the first page may have to be compiled
Way = Callable[[int], tuple[str, int] | None]
"""Host and port that lead to a port of the controller; None: there is no way."""


class Asked(Struct, frozen=True, kw_only=True):
    """What it said."""

    answers: tuple[Answer, ...]  # in the order of the paths, that of the agents last
    agent_port: PortAnswer
    agents: AgentTalk | None  # None: the port was not reached


def ask(probes: Probes, trial: Trial, way: Way) -> Asked:
    """Ask every path of a trial, then the agent port that it advertises."""
    paths = dict.fromkeys((*trial.paths, LISTENER))
    answers = tuple(probes.ask(each, _SLOW_ANSWER_S) for each in paths)
    listener = next(each for each in answers if each.path == LISTENER)
    advertised = listener.header(trial.controller.port_header) or ""
    if not advertised.isdigit():
        return Asked(answers=answers, agent_port=PortAnswer(port=None, reached=False), agents=None)
    return _on_port(answers, int(advertised), way(int(advertised)), trial.controller)


def ask_known(probes: Probes, trial: Trial) -> tuple[Answer, ...]:
    """Ask what a controller says to who has logged in alone."""
    gets = (probes.ask(each, _SLOW_ANSWER_S) for each in trial.known)
    posts = (probes.post(each, _SLOW_ANSWER_S) for each in trial.known_posts)
    return (*gets, *posts)


def executed(probes: Probes, trial: Trial) -> tuple[tuple[str, Answer], ...]:
    """Have the script console execute each script; give what it put out."""
    return tuple(
        (each, probes.post(_CONSOLE, _SLOW_ANSWER_S, {"script": each})) for each in trial.scripts
    )


def hidden(lines: tuple[str, ...], password: str) -> tuple[str, ...]:
    """Keep a password out of a log that tells it."""
    return tuple(each.replace(password, "***") for each in lines)


def _on_port(
    answers: tuple[Answer, ...],
    advertised: int,
    where: tuple[str, int] | None,
    controller: Controller,
) -> Asked:
    """Ping the port, and speak to it where somebody is in."""
    if where is None:
        port = PortAnswer(port=advertised, reached=False, error="this port is not mapped")
    else:
        port = ping(*where, advertised)
    agents = talk(*where, controller) if where and port.reached else None
    return Asked(answers=answers, agent_port=port, agents=agents)
