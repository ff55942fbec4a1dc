"""What must hold of a booted image, and the verdict on what was seen of one."""

from builder.verify.checks import Expectation, checks, expect, prefix, trial
from builder.verify.installed import plugins_of
from builder.verify.judge import judge
from builder.verify.overlay import overlaid
from builder.verify.reasons import reason
from builder.verify.restart import restarted
from builder.verify.token import reviewing
from builder.verify.unlocked import judge_unlocked, looking
from builder.verify.upgrade import upgraded

__all__ = [
    "Expectation",
    "checks",
    "expect",
    "judge",
    "judge_unlocked",
    "looking",
    "overlaid",
    "plugins_of",
    "prefix",
    "reason",
    "restarted",
    "reviewing",
    "trial",
    "upgraded",
]
