"""What may stand in a WAR: legal paths, the order of entries, permissions.

The time of an entry is that of its content, ``Digest.time_s``, in the WAR and in the image.
"""

import re
from collections.abc import Iterable

from builder.model.build import WarEntry

FILE_MODE = 0o644
LONGEST_NAME = 0xFFFF  # bytes; a ZIP header has 16 bits for it

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
# In a list of names, one a line: what a path that needs a closer look has in it. Searching the
# list for each is many times faster than looking at each path.
_SUSPECTS = (
    *("\\", ":", "//", "/./", "/../", "\n/", "\n./", "\n../"),
    *("/.\n", "/..\n", "\n.\n", "\n..\n", "\n\n"),
)
_SIGNATURE = re.compile(r"META-INF/(?:[^/]+\.(?:SF|RSA|DSA|EC)|SIG-[^/]*)", re.IGNORECASE)


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
    names = (*kept, *added)
    faults = () if _all_plain(names) else (f for name in names if (f := path_fault(name)))
    return next(iter(faults), None) or _twin(kept, added)


def _all_plain(names: tuple[str, ...]) -> bool:
    """Tell at one glance, as for nearly every WAR, that no path needs a closer look."""
    listed = "\n".join(("", *names, ""))
    longest = max(map(len, names), default=0) * 4  # bytes in UTF-8, at most
    return (
        longest <= LONGEST_NAME
        and "".join(names).isprintable()
        and not any(each in listed for each in _SUSPECTS)
    )


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
