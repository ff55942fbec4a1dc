"""The two shapes that an answer has: columns for people, one document for machines."""

import json
from collections.abc import Iterable

from builder.model.lock import PinKind, Reason

SCHEMA = 1


def columns(rows: Iterable[tuple[str, ...]]) -> str:
    """Align rows; the last column is left ragged."""
    kept = tuple(rows)
    widths = [max(len(row[i]) for row in kept) for i in range(len(kept[0]))] if kept else []
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in kept)
    return "\n".join(line.rstrip() for line in lines)


def document(content: dict[str, object]) -> str:
    """Print one document with a ``schema`` number and sorted keys."""
    numbered = {"schema": SCHEMA, **content}
    return json.dumps(numbered, sort_keys=True, indent=2, ensure_ascii=False)


def megabytes(size: int | None) -> str:
    """Spell a count of bytes in MB."""
    return "?" if size is None else f"{size / 1e6:.1f} MB"


def because(kind: PinKind, why: tuple[Reason, ...]) -> str:
    """Say in a few words what brings a plugin in."""
    if kind is PinKind.WISH:
        return "wished"
    return f"{kind.value} by " + ", ".join(each.demander for each in why if each.demander)
