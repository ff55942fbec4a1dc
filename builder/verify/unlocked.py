"""A controller that runs, and of which no lock says what it should be made of."""

from builder.model.controller import CONTROLLERS, JENKINS, Controller
from builder.model.report import Finding, Observation, Trial
from builder.verify.agents import judge_agents
from builder.verify.answers import judge_answers
from builder.verify.booted import judge_boot, judge_config_read
from builder.verify.checks import ROOT, STOCK_PATHS, Expectation
from builder.verify.container import judge_container
from builder.verify.log import read
from builder.verify.unseen import without_unseen
from builder.version import Version

_UNTOLD = Version("0")


def looking(place: str) -> Trial:
    """Say what is asked of it: reads only, without a log-in."""
    return Trial(
        image=place,
        controller=JENKINS,
        memory=0,
        timeout_s=0,
        paths=STOCK_PATHS,
    )


def judge_unlocked(tried: Trial, seen: Observation) -> tuple[Finding, ...]:
    """Hold it to the checks that every controller meets, whatever it is made of."""
    controller, version = _told(seen)
    expected = Expectation(
        image=tried.image,
        controller=controller,
        core=version,
        plugins=(),
        hooks=(),
        memory=tried.memory,
        timeout_s=tried.timeout_s,
    )
    log = read(seen.log)
    findings = (
        judge_boot(expected, seen, log),
        judge_config_read(seen, log),
        *judge_container(seen),
        *judge_answers(expected, seen, log),
        *judge_agents(expected, seen),
    )
    return without_unseen(findings, seen)


def _told(seen: Observation) -> tuple[Controller, Version]:
    """Know family and version by the first page's headers."""
    root = seen.answer(ROOT)
    for each in CONTROLLERS:
        if root and (said := root.header(each.version_header)):
            return each, Version(said)
    return JENKINS, _UNTOLD
