"""The verdict on a booted image: what was seen against what was locked."""

from builder.model.report import Ending, Observation, Report
from builder.verify.access import judge_access
from builder.verify.agents import judge_agents
from builder.verify.answers import judge_answers
from builder.verify.booted import judge_boot
from builder.verify.checks import Expectation
from builder.verify.config import judge_config
from builder.verify.custom import judge_custom
from builder.verify.hooks import judge_hooks
from builder.verify.log import read
from builder.verify.plugins import judge_folder, judge_loaded

_TAIL = 30


def judge(expected: Expectation, seen: Observation) -> Report:
    """Hold an observation to every check, in their order.

    What needs a ready controller is skipped with the reason where there was none.
    """
    log = read(seen.log)
    return Report(
        image=expected.image,
        family=expected.controller.family.value,
        version=expected.core,
        ready_after_s=seen.ready_after_s,
        peak_memory=seen.peak_memory,
        findings=(
            judge_boot(expected, seen, log),
            judge_loaded(expected, seen, log),
            *judge_folder(expected, seen, log),
            *judge_hooks(expected, seen, log),
            *judge_answers(expected, seen, log),
            *judge_agents(expected, seen),
            *judge_config(expected, seen, log),
            *judge_access(expected.casc, seen),
            *judge_custom(expected.custom, seen),
        ),
        log_tail=() if seen.ending is Ending.READY else seen.log[-_TAIL:],
    )
