"""A resolution and the bytes it stands for, pinned into a lock."""

from builder.lock.fresh import fingerprint, inputs_of
from builder.model.catalogue import Identity
from builder.model.formula import Formula
from builder.model.lock import AnyBasePin, CataloguePin, Choice, CorePin, Lock, Pin, Resolution
from builder.model.plugin import Release


def make(
    formula: Formula,
    core: CorePin,
    resolution: Resolution,
    bases: tuple[AnyBasePin, ...],
    catalogues: tuple[Identity, ...] = (),
) -> Lock:
    """Write the decision down."""
    return Lock(
        fingerprint=fingerprint(formula),
        core=core,
        plugins=tuple(pin(each) for each in resolution.choices),
        bases=bases,
        inputs=inputs_of(formula),
        catalogues=tuple(_catalogue(each) for each in catalogues),
    )


def _catalogue(found: Identity) -> CataloguePin:
    return CataloguePin(
        site=found.site,
        timestamp=found.timestamp.isoformat() if found.timestamp else None,
        digest512=found.digest512,
        signer=found.signer,
        trust=found.trust,
    )


def resolution(locked: Lock) -> Resolution:
    """Give the plugin set that a lock pins, for whoever wants to judge it again."""
    choices = tuple(Choice(release=release(e), kind=e.kind, why=e.why) for e in locked.plugins)
    return Resolution(core=locked.core.version, choices=choices)


def release(pinned: Pin) -> Release:
    """Give the facts of a release that a pin holds."""
    return Release(
        plugin=pinned.plugin,
        version=pinned.version,
        required_core=pinned.required_core,
        dependencies=pinned.dependencies,
        origin=pinned.origin,
        digest=pinned.digest,
        size=pinned.size,
        trust=pinned.trust,
    )


def pin(choice: Choice) -> Pin:
    """Pin one plugin whose file has been seen."""
    release = choice.release
    if release.digest is None:
        raise ValueError(release.plugin)
    return Pin(
        plugin=release.plugin,
        version=release.version,
        kind=choice.kind,
        origin=release.origin,
        digest=release.digest,
        size=release.size,
        trust=release.trust,
        required_core=release.required_core,
        dependencies=release.dependencies,
        why=choice.why,
    )
