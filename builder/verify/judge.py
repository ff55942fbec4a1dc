"""The verdict on a booted image: what was seen against what was locked."""

from collections.abc import Iterator

from builder.model.report import Ending, Finding, Observation, Relived, Report
from builder.verify.access import judge_access
from builder.verify.agents import judge_agents, judge_connection
from builder.verify.answers import judge_answers
from builder.verify.booted import judge_boot, judge_config_read
from builder.verify.checks import Expectation
from builder.verify.config import judge_config
from builder.verify.container import judge_container
from builder.verify.custom import judge_custom
from builder.verify.hooks import judge_hooks
from builder.verify.known import judge_known
from builder.verify.log import BootLog, read
from builder.verify.plugins import judge_folder, judge_loaded
from builder.verify.restart import judge_restart
from builder.verify.token import judge_token
from builder.verify.unseen import without_unseen
from builder.verify.upgrade import judge_upgrade

_TAIL = 30
_ONCE = Relived()


def judge(expected: Expectation, seen: Observation, relived: Relived = _ONCE) -> Report:
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
            *_stock(expected, seen, log),
            *judge_connection(seen, relived.retrial),
            *judge_token(relived),
            *_relived(expected, seen, relived),
            *judge_custom(expected.custom, seen),
        ),
        log_tail=() if seen.ending is Ending.READY else seen.log[-_TAIL:],
    )


def _stock(expected: Expectation, seen: Observation, log: BootLog) -> tuple[Finding, ...]:
    findings = (
        judge_boot(expected, seen, log),
        judge_config_read(seen, log),
        judge_loaded(expected, seen, log),
        *judge_folder(expected, seen, log),
        *judge_hooks(expected, seen, log),
        *judge_container(seen),
        *judge_answers(expected, seen, log),
        *judge_agents(expected, seen),
        *judge_config(expected, seen, log),
        *judge_access(expected.casc, seen),
        *judge_known(expected, seen),
    )
    return without_unseen(findings, seen)


def _relived(expected: Expectation, seen: Observation, relived: Relived) -> Iterator[Finding]:
    """Judge the later boots; each is held to the stock checks as the first was."""
    again, new = relived.again, relived.new
    log = read(again.log if again else ())
    held = _stock(expected, again, log) if again else ()
    yield from judge_restart(expected, seen, relived, held, log)
    log = read(new.log if new else ())
    held = _stock(expected, new, log) if new else ()
    yield from judge_upgrade(expected, relived, held, log)
