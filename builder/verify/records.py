"""Boot logs as records: both shapes of java.util.logging, Jetty's own, and what stands between."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_LEVEL = r"(?P<level>SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST)"
_JENKINS = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\S* \[id=\d+\]\t"
    rf"{_LEVEL}\t(?P<source>\S+): (?P<message>.*)"
)
_TWO_LINES = re.compile(
    r"[A-Z][a-z]{2} \d\d?, \d{4} \d\d?:\d\d:\d\d [AP]M (?P<source>[^\n]+)\n"
    rf"{_LEVEL}: (?P<message>.*)"
)
_FIRST_OF_TWO = re.compile(r"[A-Z][a-z]{2} \d\d?, \d{4} \d\d?:\d\d:\d\d [AP]M \S.*")
_JETTY = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+:(?P<level>[A-Z]+):"
    r"(?P<source>[^:]*:[^:]*): (?P<message>.*)"
)
_FRAME = re.compile(r"\s+at |\s*\.\.\. \d+ (more|common)")


class Record(Struct, frozen=True, kw_only=True):
    """One record of a log, or lines that belong to none."""

    level: str  # such as ``SEVERE``; empty where no record has begun
    source: str  # such as ``hudson.model.Hudson$5 onTaskFailed``; Jenkins shortens packages
    message: str  # its first line
    lines: tuple[str, ...]  # without stack frames and empty lines
    details: tuple[str, ...]  # those of ``lines`` that follow the message


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Group lines into records, in the order of the log.

    A line that begins no record belongs to the one before it: what a script prints, a stack
    trace, another program's output.
    """
    group: list[str] = []
    for line in lines:
        if group and _begins(line):
            yield _record(group)
            group = []
        group.append(line)
    if group:
        yield _record(group)


def _begins(line: str) -> bool:
    return any(shape.fullmatch(line) for shape in (_JENKINS, _FIRST_OF_TWO, _JETTY))


def _record(group: list[str]) -> Record:
    lines = tuple(line for line in group if line.strip() and not _FRAME.match(line))
    for shape, head in ((_JENKINS, 1), (_JETTY, 1), (_TWO_LINES, 2)):
        found = shape.fullmatch("\n".join(group[:head]))
        if found:
            return Record(
                level=found["level"],
                source=found["source"],
                message=found["message"],
                lines=lines,
                details=lines[head:],
            )
    return Record(level="", source="", message=group[0], lines=lines, details=lines[1:])


def root_cause(record: Record) -> str | None:
    """Find the innermost exception of a record; None where it tells of none.

    Java prints it last, after ``Caused by:``; Jenkins's own format turns that round.
    """
    inner = [line for line in record.details if line.startswith("Caused by: ")]
    if inner:
        return inner[-1].removeprefix("Caused by: ")
    return record.details[0].strip() if record.details else None
