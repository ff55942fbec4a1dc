"""Judges configuration as code: what its files say, and what came of them.

Success leaves no line in the log, so what is in force is compared with what the files say, as far
as it is seen without a log-in.
"""

import json
from collections.abc import Iterator, Mapping

from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.report import Ending, Finding, Observation
from builder.verify.casc_files import Entry, faults, is_fixed
from builder.verify.checks import API, CASC_APPLIED, CASC_FILES, Expectation
from builder.verify.findings import NOT_READY, failed, settled, skipped
from builder.verify.log import BootLog

_NO_CASC = "Hudson has no configuration as code"
_UNSEEN = "what the files say is not seen without a log-in"
_INITIALIZER = "ConfigurationAsCode.init"
_OK, _DENIED = 200, {401, 403}
_FIELDS = {  # of the API, by the path in a file
    "jenkins.mode": "mode",
    "jenkins.numexecutors": "numExecutors",
    "jenkins.slaveagentport": "slaveAgentPort",
    "jenkins.systemmessage": "description",
}
_SWITCHES = {  # of the API, by the beginning of the path in a file
    "jenkins.securityrealm.": "useSecurity",
    "jenkins.authorizationstrategy.": "useSecurity",
    "jenkins.crumbissuer.": "useCrumbs",
}


def judge_config(expected: Expectation, seen: Observation, log: BootLog) -> tuple[Finding, ...]:
    """Judge the files and what is in force, where there are files."""
    if not expected.casc.files:
        return ()
    if expected.controller.family is Family.HUDSON:
        checks = (CASC_FILES, CASC_APPLIED)
        return tuple(skipped(each, each.title, _NO_CASC) for each in checks)
    return _files(expected), _applied(expected, seen, log)


def _files(expected: Expectation) -> Finding:
    read = expected.casc
    found = f"{len(read.files)} files, {len(read.entries)} values"
    return settled(CASC_FILES, CASC_FILES.title, faults(read), found)


def _applied(expected: Expectation, seen: Observation, log: BootLog) -> Finding:
    wanted = "what the files say is in force"
    swallowed = tuple(line for line in log.swallowed if _INITIALIZER in line)
    if swallowed:
        said = "configuration as code failed with one WARNING, and nothing is configured"
        return failed(CASC_APPLIED, wanted, said, swallowed)
    if log.unresolved:
        said = f"empty, for no such variable: {', '.join(log.unresolved)}"
        return failed(CASC_APPLIED, wanted, said, log.unresolved)
    if seen.ending is not Ending.READY:
        return skipped(CASC_APPLIED, wanted, NOT_READY)
    answer = seen.answer(API)
    in_force = _in_force(answer) if answer else {}
    found = expected.casc.in_force
    last = _last(found) if expected.casc.overrides else found
    compared = tuple(_compared(last, in_force))
    if not compared:
        return skipped(CASC_APPLIED, wanted, _UNSEEN)
    differing = tuple(text for text, holds in compared if not holds)
    return settled(CASC_APPLIED, wanted, differing, "; ".join(text for text, _ in compared))


def _in_force(answer: Answer) -> Mapping[str, object]:
    """Read the API; a page that is denied says at least that security is on."""
    if answer.status in _DENIED:
        return {"useSecurity": True}
    try:
        said = json.loads(answer.body) if answer.status == _OK else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _last(found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Leave out what a later value overrides."""
    return tuple({(e.path, e.value if e.is_item else ""): e for e in found}.values())


def _compared(
    found: tuple[Entry, ...], in_force: Mapping[str, object]
) -> Iterator[tuple[str, bool]]:
    """Give a sentence for each value that can be seen, and whether it is in force."""
    switches = {
        name: entry
        for entry in found
        for begins, name in _SWITCHES.items()
        if f"{entry.path}.".startswith(begins) and "unsecured" not in f"{entry.path}.{entry.value}"
    }
    for name, entry in switches.items():
        if isinstance(value := in_force.get(name), bool):
            yield f"{entry.place} sets {name}: {str(value).lower()} in force", value
    for entry in found:
        name = _FIELDS.get(entry.path, "")
        if name in in_force and is_fixed(entry.value):
            value = in_force[name]
            text = "" if value is None else str(value)
            said = f"{entry.place}: {entry.path} {entry.value!r}, in force {text!r}"
            yield said, text == _plain(entry.value)


def _plain(value: str) -> str:
    """Undo the escape of variables, and the null of YAML."""
    return "" if value in {"~", "null"} else value.replace("^${", "${").removesuffix("\n")
