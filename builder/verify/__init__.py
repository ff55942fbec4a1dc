"""What must hold of a booted image; ``builder.verify.judge`` gives the verdict on one."""

from builder.verify.checks import Expectation, checks, expect, prefix, trial

__all__ = ["Expectation", "checks", "expect", "prefix", "trial"]
