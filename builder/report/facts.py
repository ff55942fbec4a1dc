"""A report as plain values, which the receipt, errors and every other form are made of."""

import json

from builder.model.report import Report
from builder.verify.reasons import reason

SCHEMA = 1


def facts(seen: Report) -> dict[str, object]:
    """Give a report as plain values."""
    return {
        "schema": SCHEMA,
        "passed": seen.passed,
        "image": seen.image,
        "controller": {"family": seen.family, "version": seen.version},
        "ready_after_s": seen.ready_after_s,
        "peak_memory_bytes": seen.peak_memory,
        "checks": [
            {
                "id": each.check.id,
                "title": each.check.title,
                "status": each.status.value,
                "expected": each.expected,
                "seen": each.seen,
                "why": reason(each.check),
                "hint": each.hint,
                "evidence": list(each.evidence),
            }
            for each in seen.findings
        ],
        "log_tail": list(seen.log_tail),
    }


def document(seen: Report) -> bytes:
    """Write a report as JSON."""
    text = json.dumps(facts(seen), sort_keys=True, indent=2, ensure_ascii=False)
    return f"{text}\n".encode("utf-8", "replace")
