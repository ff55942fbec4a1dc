"""JSON documents of update sites into typed values; a fault becomes our own error."""

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from builder.errors import CatalogueBroken
from builder.sources.wrapping import unwrapped

UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError)

_T = TypeVar("_T")


def document(content: bytes, shape: type[_T], name: str) -> _T:
    """Read a whole document, bare or wrapped.

    Raises:
        CatalogueBroken: it is no JSON, or has another shape.
    """
    try:
        return msgspec.json.decode(unwrapped(content), type=shape)
    except UNREADABLE as fault:
        raise CatalogueBroken(source=name, fault=str(fault)) from fault


def part(raw: msgspec.Raw, shape: type[_T], name: str) -> _T:
    """Read a part of a document that was left alone at first.

    Raises:
        CatalogueBroken: it has another shape.
    """
    try:
        return msgspec.json.decode(raw, type=shape)
    except UNREADABLE as fault:
        raise CatalogueBroken(source=name, fault=str(fault)) from fault


def require_version(version: str | int | None, name: str) -> None:
    """Refuse a document of another generation, as Jenkins does.

    Raises:
        CatalogueBroken: ``updateCenterVersion`` is not 1.
    """
    if version not in {"1", 1}:
        said = f"its updateCenterVersion is {version!r}, and only 1 is known"
        raise CatalogueBroken(source=name, fault=said)


def moment(text: str | None) -> datetime | None:
    """Read an ISO 8601 time such as ``2026-08-22T10:15:00Z``; None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
