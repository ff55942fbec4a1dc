"""What the store knows of a cached document: the record that stands in ``documents``.

Records stand apart from all other notes, for they alone may come from outside, in a bundle.
"""

import json
from datetime import datetime
from typing import Self

from msgspec import Struct

from builder.model.digest import Digest

_KEYS = frozenset({"content", "etag", "modified", "seen", "url"})
_MAYBE = frozenset({"carried"})


class DocumentRecord(Struct, frozen=True, kw_only=True):
    """What is known of a cached document."""

    content: Digest
    etag: str | None
    modified: str | None  # as the server spelled it
    seen: datetime
    url: str
    carried: datetime | None = None  # when a bundle brought it; None: a server gave it

    @property
    def conditions(self) -> dict[str, str]:
        """Ask for the document only where it has changed."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in given.items() if value}

    def to_bytes(self) -> bytes:
        """Write it down."""
        facts = {
            "content": self.content.hex,
            "etag": self.etag,
            "modified": self.modified,
            "seen": self.seen.isoformat(),
            "url": self.url,
        }
        carried = {"carried": self.carried.isoformat()} if self.carried else {}
        return json.dumps({**facts, **carried}, sort_keys=True).encode()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read it: these facts, and no other.

        Raises:
            ValueError: it is no record of a document.
        """
        try:
            facts = json.loads(content)
        except RecursionError as deep:
            raise ValueError(str(deep)) from deep
        if not isinstance(facts, dict) or not _KEYS <= facts.keys() <= _KEYS | _MAYBE:
            fault = "it is no record of a document"
            raise ValueError(fault)
        return cls(
            content=Digest(_text(facts["content"])),
            etag=_maybe(facts["etag"]),
            modified=_maybe(facts["modified"]),
            seen=_time(facts["seen"]),
            url=_text(facts["url"]),
            carried=_time(facts["carried"]) if "carried" in facts else None,
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        fault = f"{value!r} is no text"
        raise ValueError(fault)  # noqa: TRY004  # of a document, not of our own code
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        fault = f"{value!r} does not say in which zone"
        raise ValueError(fault)
    return time
