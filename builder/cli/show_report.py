"""Reports and receipts: for people the failures first, for machines one document."""

from builder.cli.shapes import columns, document
from builder.model.publish import Published
from builder.model.report import Finding, Receipt, Report, Status
from builder.report import facts
from builder.verify.reasons import reason

_MARKS = {Status.PASSED: "ok", Status.FAILED: "FAILED", Status.SKIPPED: "skipped"}
_ORDER = (Status.FAILED, Status.SKIPPED, Status.PASSED)


def report(seen: Report) -> str:
    """Show the findings, failures first; every failed one with all that is known."""
    ordered = sorted(seen.findings, key=lambda each: _ORDER.index(each.status))
    failed = [each for each in ordered if each.status is Status.FAILED]
    table = columns((_MARKS[e.status], e.check.id, _in_short(e)) for e in ordered)
    details = "\n".join(_in_full(each) for each in failed)
    tail = "\n".join(("last lines of the log:", *(f"  {each}" for each in seen.log_tail)))
    parts = (table, details, tail if seen.log_tail else "", _verdict(seen, len(failed)))
    return "\n\n".join(each for each in parts if each)


def report_json(seen: Report) -> str:
    """Print a report as a document."""
    return document(facts(seen))


def receipt_json(done: Receipt) -> str:
    """Print the receipt of a build."""
    return document(
        {
            "image": {
                "reference": done.reference,
                "id": done.image_id,
                "digest": str(done.published[0].manifest) if done.published else None,
                "platforms": list(done.platforms),
                "published": published_facts(done.published),
            },
            "war": {"path": done.war_path, "sha256": done.war_digest.hex, "size": done.war_size},
            "lock": {"path": done.lock_path, "sha256": done.lock_digest.hex},
            "report": facts(done.report) if done.report else None,
            "stages": [
                {"name": e.name, "seconds": round(e.seconds, 3), "note": e.note}
                for e in done.stages
            ],
        }
    )


def published_facts(done: tuple[Published, ...]) -> list[dict[str, object]]:
    """Give what was published as plain values."""
    return [
        {"reference": e.reference, "digest": str(e.manifest), "was_there": e.was_there}
        for e in done
    ]


def published(done: tuple[Published, ...]) -> str:
    """Show each tag with the digest it means."""
    return "\n".join(f"{each.reference}@{each.manifest}" for each in done)


def published_json(done: tuple[Published, ...]) -> str:
    """Print what was published as a document."""
    return document({"published": published_facts(done)})


def _in_short(finding: Finding) -> str:
    return finding.check.title if finding.status is Status.PASSED else finding.seen


def _in_full(finding: Finding) -> str:
    lines = [
        f"{finding.check.id}: {finding.check.title}",
        f"  expected: {finding.expected}",
        f"  seen:     {finding.seen}",
        f"  matters:  {reason(finding.check)}",
        *(f"  evidence: {each}" for each in finding.evidence),
    ]
    return "\n".join([*lines, f"  hint:     {finding.hint}"] if finding.hint else lines)


def _verdict(seen: Report, failed: int) -> str:
    counts = f"{len(seen.findings)} checks, {failed} failed"
    memory = f", peak memory {seen.peak_memory / 1e6:.0f} MB" if seen.peak_memory else ""
    ready = f", ready after {seen.ready_after_s:.1f} s" if seen.ready_after_s else ""
    return f"{'PASSED' if seen.passed else 'FAILED'}: {seen.image}: {counts}{ready}{memory}"
