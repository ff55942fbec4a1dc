"""Plugins that name a Java of their own, on cores that refuse them for it."""

from collections.abc import Iterator

from builder.model.audit import AuditFinding, Known, Severity
from builder.model.java import reads_plugin_java
from builder.model.lock import Lock, Pin


def plugin_java(locked: Lock, known: Known, java: int) -> Iterator[AuditFinding]:
    """Find the pins that a controller would not load on this Java, by plugin id."""
    if not reads_plugin_java(locked.core.version):
        return
    for pin in locked.plugins:
        needs = _required_java(pin, known)
        if needs is not None and needs > java:
            yield AuditFinding(
                id=f"java:{pin.plugin}",
                severity=Severity.ERROR,
                subject=pin.plugin,
                sentence=f"{pin.plugin} {pin.version} needs Java {needs}, and the base brings "
                f"Java {java}: it does not load",
                way_out=f"take a base with Java {needs}, or an older {pin.plugin}",
            )


def _required_java(pin: Pin, known: Known) -> int | None:
    """Ask the catalogue: a lock does not hold it."""
    releases = known.catalogue.releases(pin.plugin)
    return next((e.required_java for e in releases if e.version == pin.version), None)
