"""Values to text for people, and to JSON documents for machines."""

from builder.cli.shapes import because, columns, document, megabytes
from builder.model.build import Plan, War
from builder.model.lock import AnyPin, BasePin, ImagePin
from builder.settings import Setting
from builder.sources.locks import Settled


def diff(settled: Settled) -> str:
    """List what became different; empty where nothing did."""
    if not settled.diff.changes:
        return "\n".join(f"changed: {each}" for each in settled.changed)
    return columns(
        (each.subject, each.kind.value, " -> ".join(filter(None, (each.before, each.after))))
        for each in settled.diff.changes
    )


def diff_json(settled: Settled) -> str:
    """Print what became different as a document."""
    entries = [
        {"subject": e.subject, "kind": e.kind.value, "before": e.before, "after": e.after}
        for e in settled.diff.changes
    ]
    return document({"changes": entries, "changed": list(settled.changed)})


def plan(planned: Plan) -> str:
    """Show every effect of a build."""
    locked = planned.lock
    size = sum(each.size or 0 for each in planned.fetches)
    parts = (
        f"controller  {locked.core.family.value} {locked.core.version}",
        f"tags        {', '.join(planned.tags)}",
        f"base        {planned.image.base_reference}",
        f"to fetch    {len(planned.fetches)} files, {megabytes(size)}",
        *(f"            {_fetch(each)}" for each in planned.fetches),
        f"plugins     {len(locked.plugins)}",
        *_indented(columns((p.plugin, p.version, because(p.kind, p.why)) for p in locked.plugins)),
        "Dockerfile",
        *_indented(planned.image.dockerfile),
        "checks",
        *_indented(columns((each.id, each.title) for each in planned.checks)),
    )
    return "\n".join(parts)


def plan_json(planned: Plan) -> str:
    """Print every effect of a build as a document."""
    return document(
        {
            "controller": {
                "family": planned.lock.core.family.value,
                "version": planned.lock.core.version,
            },
            "tags": list(planned.tags),
            "fetches": [{"name": _fetch(e), "size": e.size} for e in planned.fetches],
            "plugins": [
                {"id": p.plugin, "version": p.version, "kind": p.kind.value}
                for p in planned.lock.plugins
            ],
            "base": planned.image.base_reference,
            "dockerfile": planned.image.dockerfile,
            "checks": [{"id": e.id, "title": e.title} for e in planned.checks],
        }
    )


def war_json(packed: War) -> str:
    """Print a WAR as a document."""
    return document({"path": str(packed.path), "sha256": packed.digest.hex, "size": packed.size})


def settings(listing: tuple[Setting, ...]) -> str:
    """Show each setting, where it comes from and what it is for."""
    return columns((each.name, each.value or "-", each.origin, each.about) for each in listing)


def settings_json(listing: tuple[Setting, ...]) -> str:
    """Print the settings as a document."""
    return document({"settings": {e.name: {"value": e.value, "origin": e.origin} for e in listing}})


def _fetch(each: AnyPin) -> str:
    if isinstance(each, ImagePin):
        return f"{each.wished.partition(' ')[2]} for {each.platform}"
    if isinstance(each, BasePin):
        return f"Debian {each.suite} for {each.platform}"
    return str(each.origin)


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.splitlines()]
