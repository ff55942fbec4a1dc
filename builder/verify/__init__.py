"""What must hold of a booted image, and the verdict on what was seen of one."""

from builder.verify.checks import Expectation, checks, expect, trial
from builder.verify.judge import judge

__all__ = ["Expectation", "checks", "expect", "judge", "trial"]
