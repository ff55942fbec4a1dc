"""Files whose digest no trusted signature vouches for."""

from collections.abc import Iterator

from builder.model.audit import AuditFinding, Severity
from builder.model.lock import Lock
from builder.model.plugin import Trust

_SENTENCES = {
    Trust.FIRST_USE: "nothing vouches for {name}: its digest is that of whatever came first",
    Trust.UNSIGNED: "the digest of {name} stands in an index without a signature",
    Trust.SIDECAR: "the digest of {name} stands in a file beside it, on another host",
}


def trust(locked: Lock, *, signed_only: bool) -> Iterator[AuditFinding]:
    """Find what is not vouched for, the core first; notes, unless the policy wants signatures."""
    core = locked.core
    yield from _finding("core", f"core {core.version}", core.trust, signed_only=signed_only)
    for pin in locked.plugins:
        named = f"{pin.plugin} {pin.version}"
        yield from _finding(pin.plugin, named, pin.trust, signed_only=signed_only)
    for jar in locked.libraries:
        yield from _finding(jar.artifact, f"{jar.artifact}.jar", jar.trust, signed_only=signed_only)


def _finding(subject: str, name: str, how: Trust, *, signed_only: bool) -> Iterator[AuditFinding]:
    if how is Trust.SIGNED:
        return
    refused = "policy.trust is signed; ask for a release that a signed catalogue lists"
    yield AuditFinding(
        id=f"trust:{subject}",
        severity=Severity.ERROR if signed_only else Severity.NOTE,
        subject=subject,
        sentence=_SENTENCES[how].format(name=name),
        way_out=refused if signed_only else None,
    )
