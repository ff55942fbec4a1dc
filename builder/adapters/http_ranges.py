"""One answer to a question for a file or a range of it: what it holds, and its bytes in blocks."""

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.adapters import http_faults
from builder.adapters.http_faults import Fault

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_FIRST, _BLOCK = 64 * 1024, 256 * 1024  # bytes that are read at a time: more where they come
_QUIET_S = 0.05
_WHOLE = 200
_PART = 206
_SIZE = re.compile(r"[0-9]{1,18}")  # what fits into 64 bits
_SPAN = re.compile(rf"bytes ({_SIZE.pattern})-({_SIZE.pattern})/({_SIZE.pattern}|\*)")


class Answer(Struct, frozen=True, kw_only=True):
    """What an answer says of itself."""

    ranged: bool
    start: int  # of the first byte, within the file
    stop: int | None  # behind the last; None where it does not tell
    size: int | None  # of the file
    mark: tuple[str | None, str | None]  # ETag and Last-Modified: the same for the same bytes


def question(start: int, stop: int | None, *, plain: bool) -> dict[str, str]:
    """Ask for a range; ``plain``: for the whole file."""
    asked = {"Accept-Encoding": "identity"}
    if not plain:
        last = "" if stop is None else stop - 1
        asked["Range"] = f"bytes={start}-{last}"
    return asked


def read(response: "BaseHTTPResponse", start: int, *, plain: bool) -> Answer:
    """Read the head of an answer.

    Raises:
        Fault: it cannot be the file, or not the range that was asked for.
    """
    headers = response.headers
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
        raise Fault(said="sent a web page", again=False)
    mark = headers.get("ETag"), headers.get("Last-Modified")
    if response.status == _WHOLE:
        length = _number(headers.get("Content-Length"))
        return Answer(ranged=False, start=0, stop=length, size=length, mark=mark)
    span = _SPAN.fullmatch(headers.get("Content-Range", ""))
    if response.status != _PART or plain or not span or int(span[1]) != start:
        said = "another range than the one asked for" if response.status == _PART else "no file"
        raise Fault(said=f"answered {response.status} with {said}", again=False)
    return Answer(ranged=True, start=start, stop=int(span[2]) + 1, size=_number(span[3]), mark=mark)


def blocks(response: "BaseHTTPResponse", skipped: int) -> Iterator[bytes]:
    """Give the body in blocks, without its first bytes; what came before a break is given, too.

    Raises:
        Fault: it broke off.
    """
    gathered, fault, given_s, most = bytearray(), None, time.monotonic(), _FIRST
    try:
        with http_faults.worded():
            while chunk := _next(response, most):
                most = min(2 * len(chunk), _BLOCK) if len(chunk) == most else most
                if skipped:
                    skipped, chunk = max(skipped - len(chunk), 0), chunk[skipped:]
                if not gathered and len(chunk) >= _FIRST:
                    yield chunk  # as it is, without a copy
                    continue
                gathered += chunk
                slow = time.monotonic() - given_s > _QUIET_S  # the schedule sees that it goes on
                if gathered and (slow or len(gathered) >= _FIRST):
                    yield bytes(gathered)
                    gathered.clear()
                    given_s = time.monotonic()
    except Fault as caught:
        fault = caught
    if gathered:
        yield bytes(gathered)
    if fault:
        raise fault


def _next(response: "BaseHTTPResponse", most: int) -> bytes:
    """Give what the system has; waiting for whole blocks would lose what a break cuts off."""
    from urllib3 import HTTPResponse

    if isinstance(response, HTTPResponse):
        return response.read1(most, decode_content=False)
    return response.read(most, decode_content=False)


def _number(text: str | None) -> int | None:
    return int(text) if text and _SIZE.fullmatch(text) else None
