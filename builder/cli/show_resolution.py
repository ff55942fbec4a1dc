"""A plugin set as a table for people and as a stable document for machines."""

from builder.cli import show_audit
from builder.cli.shapes import because, columns, document
from builder.model.audit import AuditFinding
from builder.model.lock import Choice, Resolution
from builder.model.plugin import DependencyKind


def resolution(settled: Resolution) -> str:
    """List the plugin set: id, version and what brings it in."""
    return columns(
        (each.release.plugin, each.release.version, because(each.kind, each.why))
        for each in settled.choices
    )


def resolution_json(settled: Resolution, found: tuple[AuditFinding, ...]) -> str:
    """Print the plugin set as a document; its shape is kept stable."""
    return document(
        {
            "core": {"version": settled.core},
            "plugins": [_choice(each) for each in settled.choices],
            "findings": show_audit.findings_facts(found),
        }
    )


def _choice(choice: Choice) -> dict[str, object]:
    release = choice.release
    return {
        "id": release.plugin,
        "version": release.version,
        "kind": choice.kind.value,
        "required_by": [
            each.demander
            for each in choice.why
            if each.demander and each.kind is not DependencyKind.OPTIONAL
        ],
        "required_core": release.required_core,
        "sha256": release.digest.hex if release.digest else None,
        "size": release.size,
        "trust": release.trust.value,
        "source": release.source or None,
        "why": [
            {"by": each.demander, "minimum": each.minimum, "kind": each.kind.value}
            for each in choice.why
        ],
    }
