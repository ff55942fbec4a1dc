"""Locks and what is known of them, in a line each, for tests of audit and movement."""

from datetime import date
from pathlib import PurePosixPath

from msgspec.structs import replace

from builder.audit import audit
from builder.model.audit import AuditFinding, Known
from builder.model.base_wishes import RegistryBase
from builder.model.catalogue import CoreRelease, SecurityWarning
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import ImageWishes, Policy
from builder.model.lock import Lock, Pin
from builder.model.plugin import PluginId, Trust
from builder.version import Version
from tests.fakes.catalogue import catalogue
from tests.fakes.samples import LOCK, sample_pin

TODAY = date(2026, 8, 23)


def pinned(text: str, *, core: str | None = None, trust: Trust = Trust.SIGNED) -> Pin:
    """Make a pin out of ``id:version``, as an update site's file."""
    name, _, version = text.partition(":")
    return replace(
        sample_pin(name, version),
        origin=PurePosixPath(f"plugins/{name}/{version}/{name}.hpi"),
        trust=trust,
        required_core=None if core is None else Version(core),
    )


def locked(*pins: Pin | str, core: str = "2.346.3") -> Lock:
    """Make a signed lock of a Jenkins; pins in any order."""
    made = (pinned(each) if isinstance(each, str) else each for each in pins)
    return replace(
        LOCK,
        core=replace(LOCK.core, family=Family.JENKINS, version=Version(core), trust=Trust.SIGNED),
        plugins=tuple(sorted(made, key=lambda each: each.plugin)),
    )


def warning(name: str, *patterns: str, id: str = "SECURITY-1") -> SecurityWarning:  # noqa: A002  # its name
    """Make a warning on a plugin, or on ``core``."""
    return SecurityWarning(
        id=id,
        plugin=None if name == "core" else PluginId(name),
        message="it leaks",
        url=f"https://example.org/{id}",
        patterns=patterns,
    )


def core_release(version: str) -> CoreRelease:
    """Make a core as an update site offers it."""
    return CoreRelease(
        version=Version(version),
        path=PurePosixPath(f"war-stable/{version}/jenkins.war"),
        digest=Digest.of(version.encode()),
        size=None,
    )


def known(
    *lines: str,
    warnings: tuple[SecurityWarning, ...] = (),
    deprecated: tuple[str, ...] = (),
    cores: tuple[str, ...] = (),
    image: ImageWishes | None = None,
) -> Known:
    """Know the releases of ``lines``, as ``tests.fakes.catalogue`` reads them."""
    return Known(
        catalogue=catalogue(*lines),
        warnings=warnings,
        deprecations={PluginId(each): f"https://example.org/{each}" for each in deprecated},
        cores=tuple(core_release(each) for each in cores),
        image=image,
    )


def on(reference: str, **env: str) -> ImageWishes:
    """Wish for an image on a registry's base."""
    return ImageWishes(base=RegistryBase(reference=reference), env=tuple(sorted(env.items())))


def found(lock: Lock, about: Known, policy: Policy | None = None) -> dict[str, AuditFinding]:
    """Audit today; findings by id, which no test lets occur twice."""
    findings = audit(lock, about, policy or Policy(), TODAY)
    by_id = {each.id: each for each in findings}
    assert len(by_id) == len(findings)
    return by_id
