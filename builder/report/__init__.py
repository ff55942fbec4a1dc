"""The room that writes reports down: for machines, for test viewers, as a page; values to bytes."""

from collections.abc import Callable, Mapping

from builder.model.report import Report
from builder.report.facts import document, facts
from builder.report.masking import masked

__all__ = ["KINDS", "facts", "masked", "written"]


def _json(seen: Report) -> bytes:
    return document(seen)


def _junit(seen: Report) -> bytes:
    from builder.report import junit  # noqa: PLC0415  # few runs want one

    return junit.document(seen)


def _html(seen: Report) -> bytes:
    from builder.report import page  # noqa: PLC0415  # jinja2 is slow to import

    return page.document(seen)


_WRITERS: Mapping[str, Callable[[Report], bytes]] = {"json": _json, "junit": _junit, "html": _html}
KINDS = tuple(_WRITERS)
"""What a report can be written as."""


def written(kind: str, seen: Report) -> bytes:
    """Write a report as one of ``KINDS``; the same report gives the same bytes."""
    return _WRITERS[kind](seen)
