"""What a mirror can be told to do wrong, and what it writes down of each request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Fault(Enum):
    """One way to do wrong."""

    STALL = "stall"  # half of the body, then nothing
    DROP = "drop"  # half of the body, then the end
    NO_RANGE = "no range"  # 200 and all of it
    WRONG_PLACE = "wrong place"  # 206 for another range
    WRONG_BYTES = "wrong bytes"  # 206 that says the right thing, and other bytes
    SHORT_RANGE = "short range"  # 206 for the first half of what was asked
    NOT_FOUND = "404"
    TOO_MANY = "429"
    UNAVAILABLE = "503"
    PAGE = "page"  # 200 and HTML
    WRONG_FILE = "wrong file"  # another file of the same size
    TOO_FEW = "too few"  # bytes, and a header that says so
    TOO_MANY_BYTES = "too many bytes"
    LOOP = "loop"  # a redirect to itself
    GONE = "gone"  # the connection closes before a word is said


@dataclass(kw_only=True)
class Served:
    """One request and what came of it."""

    path: str  # without the first slash; the query stays
    status: int
    start: int = 0  # of the bytes that were to be sent
    size: int = 0
    sent: int = 0  # counted before it goes out, so that whoever has it finds it counted
    headers: Mapping[str, str] = field(default_factory=dict)  # of the request, in lower case


@dataclass(frozen=True, kw_only=True)
class Rule:
    pattern: str
    fault: Fault | None
    fits: Callable[[int], bool]  # the request's number, from 1
