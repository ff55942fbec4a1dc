"""What a boot log tells: plugins and hooks that failed, how far the boot came, how it ended.

Source: logs of a running Jenkins 2.346.3 and of a running Hudson 3.3.2. Matched by text, since
the names of loggers differ between releases.
"""

import re
from collections.abc import Iterable
from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.controller import CONTROLLERS
from builder.verify.failed_plugins import FailedPlugin, failed_plugins
from builder.verify.records import Record, records, root_cause

MILESTONES = (
    "Started initialization",
    "Listed all plugins",
    "Prepared all plugins",
    "Started all plugins",
    "Augmented all extensions",
    "System config loaded",
    "System config adapted",
    "Loaded all jobs",
    "Completed initialization",
)
_END_STATE = re.compile(r"Failed to initialize (Jenkins|Hudson)\b")
_SWALLOWED = "init failed perhaps due to plugin dependency issues"
_LACKING = re.compile(r"Failed to (?:scout|load) (?P<type>[\w.$]+)")
_PORT_REFUSED = "Failed to listen to incoming agent connections through port"
_DAMAGED_CONFIG = "Unexpected error reading global config.xml"
_BAD = {"SEVERE", "WARNING"}
_DETACHED = re.compile(r"Loading a detached plugin as a dependency: .*/(?P<name>[^/]+)\.[hj]pi")
_UNRESOLVED = re.compile(r"Configuration import: Found unresolved variable '(?P<name>[^']*)'.*")
_EXECUTING = re.compile(r"Executing (?:bundled script: )?(?P<path>\S*\.groovy)")
_RUN_FAILED = re.compile(r"Failed to run script (?P<path>\S*\.groovy)")
_INIT_FAILED = "Failed GroovyInitScript.init"
_THROWN = re.compile(
    r"(?:[a-z_]\w*\.)+(?:[A-Z][\w$]*)?(?:Exception|Error|Throwable)(?::.*)?|Assertion failed:.*"
)
_NOT_COMPILED = "MultipleCompilationErrorsException"


class HookFault(Enum):
    """Why a hook failed."""

    THROWS = "throws"
    NOT_COMPILED = "does not compile"


class FailedHook(Struct, frozen=True, kw_only=True):
    """One script of ``init.groovy.d`` that did not run to its end."""

    name: str  # of the file
    fault: HookFault
    cause: str
    evidence: tuple[str, ...]


class BootLog(Struct, frozen=True, kw_only=True):
    """The facts of one boot log."""

    ready: bool
    milestone: str | None  # the last one reached
    failed_boot: tuple[str, ...]  # the record of the end state; empty where there is none
    failed_boot_cause: str | None
    out_of_memory: tuple[str, ...]  # lines
    port_refused: tuple[str, ...]  # lines: the agent port was taken
    failed_plugins: tuple[FailedPlugin, ...]  # in the order of their first line
    swallowed: tuple[str, ...]  # lines: initializers of plugins that failed, and the boot went on
    lacking: tuple[str, ...]  # types of extensions that could not be loaded
    lacking_lines: tuple[str, ...]  # of the log, on these types
    unresolved: tuple[str, ...]  # variables of CasC files that are not set
    detached: tuple[str, ...]  # names of detached plugins that the core placed by itself
    hooks: tuple[str, ...]  # file names in the order of execution
    failed_hooks: tuple[FailedHook, ...]
    damaged_config: tuple[str, ...]  # lines: ``config.xml`` was not read to its end
    bad: tuple[Record, ...]  # every one of level SEVERE or WARNING

    @property
    def others(self) -> tuple[Record, ...]:
        """Give the bad records that none of the other facts rests on."""
        known = {
            *(*self.failed_boot, *self.port_refused, *self.swallowed, *self.lacking_lines),
            *(*self.out_of_memory, *self.damaged_config),
            *(line for each in self.failed_plugins for line in each.evidence),
            *(line for each in self.failed_hooks for line in each.evidence),
        }
        return tuple(
            each
            for each in self.bad
            if known.isdisjoint(each.lines) and not _UNRESOLVED.fullmatch(each.message)
        )


def read(lines: Iterable[str]) -> BootLog:
    """Read a boot log of either family, complete or not."""
    found = tuple(records(lines))
    end = next((each for each in found if is_end_state(each.message)), None)
    return BootLog(
        ready=any(is_ready(each.message) for each in found),
        milestone=_milestone(found),
        failed_boot=end.lines if end else (),
        failed_boot_cause=(root_cause(end) or end.message) if end else None,
        out_of_memory=tuple(
            line for each in found for line in each.lines if "java.lang.OutOfMemoryError" in line
        ),
        port_refused=_lines_with(found, _PORT_REFUSED),
        failed_plugins=failed_plugins(found),
        swallowed=_lines_with(found, _SWALLOWED),
        lacking=_named(found, _LACKING, "type", level="WARNING"),
        lacking_lines=tuple(
            line
            for each in found
            if each.level == "WARNING" and _LACKING.fullmatch(each.message)
            for line in each.lines
        ),
        unresolved=_named(found, _UNRESOLVED, "name", level="WARNING"),
        detached=_named(found, _DETACHED, "name", level="INFO"),
        hooks=tuple(
            PurePosixPath(executing["path"]).name
            for each in found
            if (executing := _EXECUTING.fullmatch(each.message))
        ),
        failed_hooks=_failed_hooks(found),
        damaged_config=_lines_with(found, _DAMAGED_CONFIG),
        bad=tuple(each for each in found if each.level in _BAD),
    )


def is_ready(line: str) -> bool:
    """Tell the line that says the controller is up."""
    return any(line.endswith(each.ready_line) for each in CONTROLLERS)


def milestone(line: str) -> str | None:
    """Name the milestone that a line tells of."""
    return next((each for each in MILESTONES if line.endswith(f": {each}")), None)


def is_end_state(line: str) -> bool:
    """Tell the line after which a controller lives on and never answers well."""
    return _END_STATE.search(line) is not None


def _milestone(found: tuple[Record, ...]) -> str | None:
    reached = [each.message for each in found if each.message in MILESTONES]
    return max(reached, key=MILESTONES.index, default=None)


def _lines_with(found: tuple[Record, ...], text: str) -> tuple[str, ...]:
    return tuple(line for each in found if text in each.message for line in each.lines)


def _named(
    found: tuple[Record, ...], shape: re.Pattern[str], group: str, *, level: str
) -> tuple[str, ...]:
    """Give what ``group`` of ``shape`` holds in records of a level, each once, in their order."""
    matches = (shape.fullmatch(each.message) for each in found if each.level == level)
    return tuple(dict.fromkeys(match[group] for match in matches if match))


def _failed_hooks(found: tuple[Record, ...]) -> tuple[FailedHook, ...]:
    """Find scripts that failed, in the order of the log.

    Jenkins names the script. Hudson logs what a script threw as it logs what a script prints:
    in one record, under the source of the line that named the script.
    """
    failed = []
    running, source = "", ""
    for record in found:
        executing = _EXECUTING.fullmatch(record.message)
        named = _RUN_FAILED.fullmatch(record.message)
        if executing:
            running, source = PurePosixPath(executing["path"]).name, record.source
        elif named:
            failed.append(_failed_hook(PurePosixPath(named["path"]).name, record))
        elif running and (record.message == _INIT_FAILED or _threw(record, source)):
            failed.append(_failed_hook(running, record))
    return tuple(failed)


def _threw(record: Record, source: str) -> bool:
    return record.source == source and _thrown(record) is not None


def _thrown(record: Record) -> str | None:
    said = (record.message, *record.details)
    return next((line for line in said if _THROWN.fullmatch(line)), None)


def _failed_hook(name: str, record: Record) -> FailedHook:
    cause = _thrown(record) or root_cause(record) or record.message
    if _NOT_COMPILED not in cause:
        fault = HookFault.THROWS
    else:  # the first complaint says more than ``startup failed:``
        fault = HookFault.NOT_COMPILED
        cause = next(iter(_after(record.lines, cause)), cause)
    return FailedHook(name=name, fault=fault, cause=cause, evidence=record.lines)


def _after(lines: tuple[str, ...], text: str) -> tuple[str, ...]:
    at = next((number for number, line in enumerate(lines) if line.endswith(text)), len(lines))
    return lines[at + 1 :]
