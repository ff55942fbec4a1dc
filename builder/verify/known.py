"""Judges what a controller says to who has logged in; without an account all of it is skipped."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.formula import InputFile
from builder.model.report import Check, Ending, Finding, Observation
from builder.verify.casc_files import Casc, Entry, is_fixed
from builder.verify.checks import (
    CASC_EXPORTED,
    EXPORT,
    LOGIN_WORKS,
    PLUGIN_MANAGER,
    PLUGINS_ACTIVE,
    WHO,
    Expectation,
)
from builder.verify.findings import NOT_READY, failed, passed, settled, skipped

_NOBODY = "no log-in: JBUILD_VERIFY_USER and JBUILD_VERIFY_PASSWORD are not set"
_HUDSON = "Hudson has no such page"
_OK, _DENIED = 200, 403
_BODY_LIMIT = 1024**2  # what an observation keeps of such a body
_ENCRYPTED = "{AQ"
_FLAGS = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "false": "false",
    "no": "false",
    "off": "false",
}


def judge_known(expected: Expectation, seen: Observation) -> tuple[Finding, ...]:
    """Judge log-in, plugins, and the export of CasC where there are files."""
    checks = (LOGIN_WORKS, PLUGINS_ACTIVE, *((CASC_EXPORTED,) if expected.casc.files else ()))
    if why := _why_not(expected, seen):
        return tuple(skipped(each, each.title, why) for each in checks)
    findings = (_login(seen), _plugins(expected, seen))
    return (*findings, _export(expected.casc, seen)) if expected.casc.files else findings


def _why_not(expected: Expectation, seen: Observation) -> str | None:
    if seen.ending is not Ending.READY:
        return NOT_READY
    if expected.controller.family is Family.HUDSON:
        return _HUDSON
    return _NOBODY if seen.known is None else None


def _login(seen: Observation) -> Finding:
    wanted = f"{WHO} names a user that is logged in"
    answer = seen.known_answer(WHO)
    said = document(answer)
    if said.get("authenticated") is True and said.get("anonymous") is False:
        return passed(LOGIN_WORKS, wanted, f"logged in as {said.get('name')}")
    return failed(LOGIN_WORKS, wanted, _status(answer))


def _plugins(expected: Expectation, seen: Observation) -> Finding:
    """Hold the lock to what is loaded: a plugin that failed is not even listed."""
    wanted = f"{len(expected.plugins)} plugins of the lock, enabled and active"
    answer = seen.known_answer(PLUGIN_MANAGER)
    if unseen := _unseen(PLUGINS_ACTIVE, wanted, answer):
        return unseen
    listed = document(answer).get("plugins")
    if not isinstance(listed, list):
        return failed(PLUGINS_ACTIVE, wanted, f"{_status(answer)}, no list of plugins")
    by_id = {str(e.get("shortName")): e for e in listed if isinstance(e, dict)}
    faults = tuple(_plugin_faults(expected, by_id))
    return settled(
        PLUGINS_ACTIVE, wanted, faults, f"{len(by_id)} are listed, all of the lock active"
    )


def _plugin_faults(
    expected: Expectation, listed: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    """Tell a plugin that failed from one that is disabled and one in a cycle."""
    for pin in expected.plugins:
        found = listed.get(pin.plugin)
        if found is None:
            yield f"{pin.plugin} {pin.version}: not listed, so it failed to load or is missing"
        elif found.get("enabled") is not True:
            yield f"{pin.plugin} {pin.version}: disabled"
        elif found.get("active") is not True:
            yield f"{pin.plugin} {pin.version}: enabled, and not active: it is part of a cycle"
        elif found.get("version") != pin.version:
            yield f"{pin.plugin} {pin.version}: version {found.get('version')} is active instead"


def _export(read: Casc, seen: Observation) -> Finding:
    wanted = "each value and item of the files, once"
    answer = seen.known_answer(EXPORT)
    if unseen := _unseen(CASC_EXPORTED, wanted, answer):
        return unseen
    content = answer.body if answer else b""
    if len(content) >= _BODY_LIMIT:
        return skipped(CASC_EXPORTED, wanted, "the export is longer than 1 MiB")
    exported = Casc(files=(InputFile(path=PurePosixPath("export"), content=content),)).entries
    if not exported:
        return failed(CASC_EXPORTED, wanted, f"{_status(answer)}, and it holds nothing")
    compared = [
        each for each in read.in_force if is_fixed(each.value) and _is_shown(each, exported)
    ]
    faults = tuple(text for each in compared if (text := _export_fault(each, exported)))
    unshown = len(read.in_force) - len(compared)
    said = f"{len(compared)} as written; {unshown} are not shown by the export"
    return settled(CASC_EXPORTED, wanted, tuple(dict.fromkeys(faults)), said)


def _is_shown(wanted: Entry, exported: tuple[Entry, ...]) -> bool:
    """Say whether an export shows such a value at all: defaults are left out, secrets encrypted.

    Items are told apart by the same key only: a file may give an id where the export has a name.
    """
    there = [each for each in exported if each.path == wanted.path]
    if any(each.value.startswith(_ENCRYPTED) for each in there):
        return False
    return any(
        each.is_item == wanted.is_item and (not wanted.is_item or _key(each) == _key(wanted))
        for each in there
    )


def _key(item: Entry) -> str:
    return item.value.rpartition(" ")[0]


def _export_fault(wanted: Entry, exported: tuple[Entry, ...]) -> str | None:
    there = [each.value for each in exported if each.path == wanted.path]
    count = sum(_plain(each) == _plain(wanted.value) for each in there)
    name = f"{wanted.place}: {wanted.path}"
    if not wanted.is_item:
        return None if count else f"{name} {wanted.value!r}, in force {', '.join(there)!r}"
    if count > 1:
        return f"{name}: {wanted.value} is there {count} times"
    return None if count else f"{name}: {wanted.value} is not in force"


def _plain(value: str) -> str:
    return _FLAGS.get(value.lower(), value.replace("^${", "${").removesuffix("\n"))


def _unseen(check: Check, wanted: str, answer: Answer | None) -> Finding | None:
    if answer is None or answer.status == _DENIED:
        return skipped(check, wanted, "the account that verify was given may not see it")
    if answer.status != _OK:
        return failed(check, wanted, _status(answer))
    return None


def document(answer: Answer | None) -> Mapping[str, object]:
    """Read the map of a good answer's JSON; empty where it is none."""
    try:
        said = json.loads(answer.body) if answer and answer.status == _OK else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _status(answer: Answer | None) -> str:
    if answer is None:
        return "never asked"
    return str(answer.status) if answer.status else f"no answer ({answer.error})"
