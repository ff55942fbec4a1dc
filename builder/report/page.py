"""A report as one HTML page that needs nothing beside it."""

from collections import Counter

from builder import data
from builder.model.report import Report, Status
from builder.verify.reasons import reason

_TEMPLATE = "report.html.j2"


def document(seen: Report) -> bytes:
    """Write a report as a page, failures first."""
    import jinja2  # noqa: PLC0415  # slow, and few runs want a page

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    failed = [each for each in seen.findings if each.status is Status.FAILED]
    others = [each for each in seen.findings if each.status is not Status.FAILED]
    text = environment.from_string(data.text(_TEMPLATE)).render(
        report=seen,
        failed=failed,
        others=sorted(others, key=lambda each: each.status is not Status.SKIPPED),
        counts=Counter(each.status.value for each in seen.findings),
        why=reason,
    )
    return text.encode("utf-8", "replace")
