"""What the catalogues say of a plugin's life: deprecated, withdrawn, or never listed."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from builder.model.audit import AuditFinding, Known, Severity
from builder.model.lock import Lock, Pin
from builder.model.plugin import Trust
from builder.version import older_than


def listed(locked: Lock, known: Known) -> Iterator[AuditFinding]:
    """Find what is deprecated, withdrawn or unknown to every catalogue, by plugin id."""
    for pin in locked.plugins:
        if pin.plugin in known.deprecations:
            yield _deprecated(pin, known.deprecations[pin.plugin])
        yield from _gone(pin, known)


def _deprecated(pin: Pin, url: str) -> AuditFinding:
    return AuditFinding(
        id=f"deprecated:{pin.plugin}",
        severity=Severity.WARNING,
        subject=pin.plugin,
        sentence=f"{pin.plugin} is deprecated: it loads, and nobody looks after it any more",
        evidence=(url,) if url else (),
        way_out=f"replace {pin.plugin}, or allow deprecated:{pin.plugin} until a day",
    )


def _gone(pin: Pin, known: Known) -> Iterator[AuditFinding]:
    """Tell a plugin that has left its update site from one that never was on any."""
    if known.catalogue.offered(pin.plugin) is None:
        if isinstance(pin.origin, PurePosixPath):
            said = f"no catalogue offers {pin.plugin} any more"
            yield _withdrawn(pin, said, "find out why before the next build relies on it")
        elif not known.catalogue.releases(pin.plugin):
            yield AuditFinding(
                id=f"unlisted:{pin.plugin}",
                severity=Severity.NOTE,
                subject=pin.plugin,
                sentence=f"no catalogue lists {pin.plugin}: no warning would name it either",
            )
    elif _taken_back(pin, known):
        said = f"{pin.plugin} {pin.version} is in no catalogue any more, and older releases are"
        yield _withdrawn(pin, said, f"take another release of {pin.plugin}")


def _taken_back(pin: Pin, known: Known) -> bool:
    """Say whether a release that a catalogue vouched for has been taken back.

    That an index leaves a release out proves nothing unless it goes further back than that
    release: an update site lists one release of each plugin.
    """
    if pin.trust is not Trust.SIGNED:
        return False
    versions = {each.version for each in known.catalogue.releases(pin.plugin)}
    older = any(older_than(each, pin.version) for each in versions)
    return older and pin.version not in versions


def _withdrawn(pin: Pin, sentence: str, way_out: str) -> AuditFinding:
    return AuditFinding(
        id=f"withdrawn:{pin.plugin}",
        severity=Severity.WARNING,
        subject=pin.plugin,
        sentence=sentence,
        evidence=(f"locked from {pin.origin}", f"sha256 {pin.digest.hex}"),
        way_out=way_out,
    )
