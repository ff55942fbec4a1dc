"""What goes wrong between us and a server, in words that hold no URL and no secret."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TOO_MANY = 429
_SERVER = 500
_NOT_IMPLEMENTED = 501
_LONGEST_WAIT_S = 60.0


@dataclass(eq=False, kw_only=True, repr=False)
class Fault(Exception):
    """One request came to nothing."""

    said: str
    again: bool = True  # whether the same request may do better later
    wait_s: float | None = None  # as the server asks
    status: int | None = None

    def __str__(self) -> str:
        """Say what happened."""
        return self.said


def refusal(status: int, headers: Mapping[str, str]) -> Fault:
    """Read an answer of 400 or more."""
    later = status == _TOO_MANY or (status >= _SERVER and status != _NOT_IMPLEMENTED)
    wait_s = _retry_after(headers.get("Retry-After")) if later else None
    return Fault(said=f"answered {status}", again=later, wait_s=wait_s, status=status)


@contextmanager
def worded() -> Iterator[None]:
    """Turn what urllib3 and the system raise into a ``Fault``.

    Their own messages hold the path with its query.
    """
    from urllib3.exceptions import HTTPError

    try:
        yield
    except HTTPError as fault:
        raise _translated(fault) from fault
    except (ConnectionError, TimeoutError) as fault:
        raise Fault(said=_system_words(fault)) from fault


def _translated(fault: BaseException) -> Fault:
    from urllib3 import exceptions as http

    if isinstance(fault, http.MaxRetryError | http.ProxyError):
        inner = fault.reason if isinstance(fault, http.MaxRetryError) else fault.original_error
        if inner:
            return _translated(inner)
    if isinstance(fault, http.LocationValueError):
        return Fault(said="it is no http or https URL, or redirects to none", again=False)
    if isinstance(fault, http.SSLError):
        return Fault(said=f"TLS failed: {_verdict(fault)}", again=False)
    return Fault(said=_words(fault))


def _words(fault: BaseException) -> str:
    from urllib3 import exceptions as http

    if isinstance(fault, http.NameResolutionError):
        return "its name cannot be resolved"
    if isinstance(fault, http.NewConnectionError):  # a kind of ConnectTimeoutError, to urllib3
        return _system_words(fault.__cause__ or fault)
    for kind, words in (
        (http.ConnectTimeoutError, "no connection in time"),
        (http.ReadTimeoutError, "nothing came for too long"),
        (http.DecodeError, "what came cannot be unpacked"),
    ):
        if isinstance(fault, kind):
            return words
    return "the answer broke off"


def _system_words(fault: BaseException) -> str:
    return (isinstance(fault, OSError) and fault.strerror) or "the connection failed"


def _verdict(fault: BaseException) -> str:
    """Find the sentence of the TLS library under urllib3's own."""
    inner = fault.args[0] if fault.args else fault
    return getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or "no handshake"


def moment(text: str) -> datetime | None:
    """Read a date as servers write them, in UTC where it names no zone; None for any other text."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _retry_after(text: str | None) -> float | None:
    """Read seconds or a date; at most a minute, since nobody waits longer for a file."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        if (told := moment(text)) is None:
            return None
        seconds = told.timestamp() - time.time()
    return min(max(seconds, 0.0), _LONGEST_WAIT_S) if seconds == seconds else None  # noqa: PLR0124  # NaN
