"""What may stand in a WAR: legal paths, the order of entries, times and permissions."""

import re
from collections.abc import Iterable

from builder.model.build import WarEntry
from builder.model.digest import Digest

FILE_MODE = 0o644
SPAN_START_S = 946_684_800  # 2000-01-01T00:00:00Z
SPAN_END_S = 1_577_836_800  # 2020-01-01T00:00:00Z
LONGEST_NAME = 0xFFFF  # bytes; a ZIP header has 16 bits for it

_STEP_S = 2  # the grain of DOS times
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_SIGNATURE = re.compile(r"META-INF/(?:[^/]+\.(?:SF|RSA|DSA|EC)|SIG-[^/]*)", re.IGNORECASE)


def time_of(digest: Digest) -> int:
    """Derive a file's time from its bytes, in seconds since 1970.

    A controller expands a plugin anew when the time of its archive differs from the one it
    remembers. One time for all files would leave an old plugin running under a new archive; a
    time of day would expand everything at each build. Even, since DOS times count in twos.
    """
    steps = (SPAN_END_S - SPAN_START_S) // _STEP_S
    return SPAN_START_S + _STEP_S * (int(digest.hex, 16) % steps)


def in_order(entries: Iterable[WarEntry]) -> tuple[WarEntry, ...]:
    """Sort entries by name, so that the order of a lock cannot show."""
    return tuple(sorted(entries, key=lambda each: each.name))


def is_signature(name: str) -> bool:
    """Tell whether an entry signs the archive, which no longer holds once it is changed.

    Source: JAR File Specification, "Signed JAR File".
    """
    return _SIGNATURE.fullmatch(name) is not None


def path_fault(name: str) -> str | None:
    """Say what is wrong with the path of one entry; None where it is legal."""
    parts = name.removesuffix("/").split("/")
    faults = (
        (len(name.encode(errors="replace")) > LONGEST_NAME, "is too long"),
        (_CONTROL.search(name), "has a control character"),
        ("\\" in name, "has a backslash"),
        (name.startswith("/") or _DRIVE.match(name), "is absolute"),
        (".." in parts, "leads out of the archive"),
        ("" in parts or "." in parts, "has an empty step"),
    )
    return next((f"the path {_short(name)} {words}" for wrong, words in faults if wrong), None)


def fault_of(*, kept: Iterable[str], added: Iterable[str]) -> str | None:
    """Say what is wrong with the names of a WAR; None where it may be written.

    The core's own names may differ by case alone, as upstream made them. What is added may
    not: a controller unpacks it, perhaps on a disk that does not tell case.
    """
    kept, added = tuple(kept), tuple(added)
    faults = (fault for name in (*kept, *added) if (fault := path_fault(name)))
    return next(faults, None) or _twin(kept, added)


def _twin(kept: tuple[str, ...], added: tuple[str, ...]) -> str | None:
    seen: set[str] = set()
    for name in kept:
        if name in seen:
            return f"two entries are called {_short(name)}"
        seen.add(name)
    folded = {each.casefold() for each in kept}
    for name in added:
        if name.casefold() in folded:
            return f"two entries are called {_short(name)}, but for case"
        folded.add(name.casefold())
    return None


def _short(name: str) -> str:
    return repr(name if len(name) <= 200 else f"{name[:200]}...")  # noqa: PLR2004 - fits a line or two
