"""Which plugins a boot log says did not load, each with its cause."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder.verify.records import Record, root_cause

_INSPECTING = re.compile(r"Failed Inspecting plugin (?P<path>\S+)")
_LOADING = re.compile(r"Failed (?:Loading|Initializing) plugin (?P<name>.+)")
_BECAUSE = re.compile(r"Failed to load plugin - (?P<name>\S+) because of error (?P<cause>.*)")
_CYCLE = re.compile(r"found cycle in plugin dependencies: .*?\) (?P<chain>.*)")
_ID_IN_BRACKETS = re.compile(r".*\((?P<id>[^()]+)\)")
_BULLET = re.compile(r"\s+- (?P<cause>.*)")


class CauseKind(Enum):
    """What kept a plugin from loading."""

    ARCHIVE = "broken archive"
    CYCLE = "dependency cycle"
    CORE = "needs a newer core"
    JAVA = "needs a newer Java"
    MISSING = "dependency missing"
    TOO_OLD = "dependency too old"
    DISABLED = "dependency disabled"
    FOLLOWS = "follows another failure"
    OTHER = "other"


_KINDS = (
    (re.compile(r"Jenkins \(.*\) or higher required|must update Jenkins from"), CauseKind.CORE),
    (re.compile(r"Java \(.*\) or higher required"), CauseKind.JAVA),
    (re.compile(r"Failed to load: |Fix this plugin first"), CauseKind.FOLLOWS),
    (re.compile(r"Update required: |is older than required"), CauseKind.TOO_OLD),
    (re.compile(r"Required plugin is disabled|is disabled\. To fix"), CauseKind.DISABLED),
    (re.compile(r"Plugin is missing: |doesn't exist|is missing\. To fix"), CauseKind.MISSING),
)


class FailedPlugin(Struct, frozen=True, kw_only=True):
    """One plugin that the controller went on without."""

    plugin: str  # plugin id, or the name of its archive
    kind: CauseKind
    cause: str
    evidence: tuple[str, ...]


def failed_plugins(records: Iterable[Record]) -> tuple[FailedPlugin, ...]:
    """Collect failures, one for each plugin, in the order of their first line.

    The first cause counts: what a controller says of the same plugin later is its consequence.
    """
    by_plugin: dict[str, FailedPlugin] = {}
    for record in records:
        for failure in _failures(record):
            known = by_plugin.setdefault(failure.plugin, failure)
            if known is not failure:
                evidence = (*known.evidence, *failure.evidence)
                by_plugin[failure.plugin] = replace(known, evidence=evidence)
    return tuple(by_plugin.values())


def _failures(record: Record) -> Iterator[FailedPlugin]:
    because = _BECAUSE.fullmatch(record.message)
    if because:
        yield _failure(because["name"], because["cause"], record)
    inspecting = _INSPECTING.fullmatch(record.message)
    if inspecting:
        name = PurePosixPath(inspecting["path"]).stem
        cause = root_cause(record) or record.message
        yield replace(_failure(name, cause, record), kind=CauseKind.ARCHIVE)
    loading = _LOADING.fullmatch(record.message)
    if loading:
        bracketed = _ID_IN_BRACKETS.fullmatch(loading["name"])
        yield _failure(bracketed["id"] if bracketed else loading["name"], _cause(record), record)
    yield from _cycle(record)


def _cycle(record: Record) -> Iterator[FailedPlugin]:
    found = _CYCLE.search(record.message)
    if not found:
        return
    chain = found["chain"].replace("Plugin:", "")
    for plugin in dict.fromkeys(chain.split(" -> ")):
        failure = _failure(plugin, f"plugins that need each other: {chain}", record)
        yield replace(failure, kind=CauseKind.CYCLE)


def _failure(plugin: str, cause: str, record: Record) -> FailedPlugin:
    kind = next((kind for shape, kind in _KINDS if shape.search(cause)), CauseKind.OTHER)
    return FailedPlugin(plugin=plugin, kind=kind, cause=cause, evidence=record.lines)


def _cause(record: Record) -> str:
    bullets = [found["cause"] for each in record.details if (found := _BULLET.fullmatch(each))]
    return "; ".join(bullets) or root_cause(record) or record.message
