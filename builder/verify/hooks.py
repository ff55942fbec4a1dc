"""Judges the scripts of ``init.groovy.d`` by what the log says of them."""

import re

from builder.model.controller import Family
from builder.model.report import Ending, Finding, Observation
from builder.verify.checks import HOOKS_CLEAN, HOOKS_RAN, Expectation
from builder.verify.findings import NOT_READY, failed, passed, skipped
from builder.verify.log import BootLog

_FAIL = "fail"
_TWICE = "look for a second script of that name: in the archive, or put into the home"
_SAID = re.compile(r"(?:^|\s)jbuild-init (\S+) (ok|skip|fail)(?: (.*))?$")  # what hooks of ours say
_HUDSON_NEEDS = "groovy-support-plugin"  # without it Hudson does not look into init.groovy.d


def judge_hooks(expected: Expectation, seen: Observation, log: BootLog) -> tuple[Finding, ...]:
    """Judge whether hooks ran, where there are any, and whether none failed."""
    ran = (_ran(expected, seen, log),) if expected.hooks else ()
    return (*ran, _clean(seen, log))


def _ran(expected: Expectation, seen: Observation, log: BootLog) -> Finding:
    wanted = f"executed: {', '.join(expected.hooks)}"
    if seen.ending is not Ending.READY:
        return skipped(HOOKS_RAN, wanted, NOT_READY)
    missed = tuple(each for each in expected.hooks if each not in log.hooks)
    if missed:
        said = f"not executed: {', '.join(missed)}"
        return failed(HOOKS_RAN, wanted, said, log.hooks, _hint(expected))
    twice = tuple(each for each in expected.hooks if log.hooks.count(each) > 1)
    if twice:
        said = f"executed more than once: {', '.join(twice)}"
        return failed(HOOKS_RAN, wanted, said, log.hooks, _TWICE)
    return passed(HOOKS_RAN, wanted, f"executed: {', '.join(log.hooks)}")


def _hint(expected: Expectation) -> str | None:
    has_support = any(each.plugin == _HUDSON_NEEDS for each in expected.plugins)
    if expected.controller.family is Family.HUDSON and not has_support:
        return f"Hudson executes hooks only with the plugin {_HUDSON_NEEDS}"
    return None


def _clean(seen: Observation, log: BootLog) -> Finding:
    wanted = "no hook failed"
    told = tuple((line, found) for line in seen.log if (found := _SAID.search(line)))
    faults = [f"{each.name} {each.fault.value}: {each.cause}" for each in log.failed_hooks]
    faults += [
        f"{found[1]} says: {found[3] or 'no reason'}" for _, found in told if found[2] == _FAIL
    ]
    if faults:
        evidence = [line for each in log.failed_hooks for line in each.evidence]
        evidence += [line for line, found in told if found[2] == _FAIL]
        return failed(HOOKS_CLEAN, wanted, "; ".join(faults), tuple(evidence))
    if seen.ending is not Ending.READY:
        return skipped(HOOKS_CLEAN, wanted, NOT_READY)
    lines = tuple(line for line, _ in told)
    return passed(HOOKS_CLEAN, wanted, f"none of {len(log.hooks)} that ran", lines)
