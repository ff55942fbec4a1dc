"""Pins for which something newer is known, and what stands in the way of taking it."""

from collections.abc import Iterator

from builder.audit.candidates import above, newest_of, takes
from builder.audit.patterns import affecting
from builder.model.audit import Known, Outdated
from builder.model.lock import Lock, Pin
from builder.model.plugin import PluginId, Release
from builder.version import Version, newest, older_than


def outdated(
    locked: Lock, known: Known, *, core: Version | None = None, java: int | None = None
) -> tuple[Outdated, ...]:
    """List the pins that have a newer release: the core first, then plugins by id.

    Args:
        locked: what is pinned.
        known: the releases, and the warnings on them.
        core: the core to judge by, where it is not the lock's own.
        java: what the controller runs on; None where nobody knows.
    """
    judged = core or locked.core.version
    plugins = (_of_plugin(each, known, judged, java) for each in locked.plugins)
    return (*_of_core(locked.core.version, known), *(each for each in plugins if each))


def crossed(before: Version, after: Release | None) -> Version | None:
    """Give the version below which ``after`` may not read configuration, if ``before`` is."""
    limit = after.compatible_since if after else None
    return limit if limit is not None and older_than(before, limit) else None


def fixed(
    known: Known, plugin: PluginId | None, before: Version, after: Version | None
) -> tuple[str, ...]:
    """List the warnings on one version that do not concern the other, in the catalogue's order."""
    left = {each.id for each in affecting(known, plugin, after)} if after else set()
    return tuple(e.id for e in affecting(known, plugin, before) if e.id not in left)


def _of_core(core: Version, known: Known) -> Iterator[Outdated]:
    """Compare long-term cores with long-term ones, and weeklies with weeklies."""
    newer = {
        each.version
        for each in known.cores
        if older_than(core, each.version) and each.version.count(".") == core.count(".")
    }
    if newer:
        best = newest(newer)
        fixes = fixed(known, None, core, best)
        yield Outdated(
            subject="core", version=core, newest=best, beyond=None, needs_core=None, fixes=fixes
        )


def _of_plugin(pin: Pin, known: Known, core: Version, java: int | None) -> Outdated | None:
    newer = above(known, pin.plugin, pin.version)
    best = newest_of(each for each in newer if takes(core, each, java))
    last = newest_of(newer)
    if last is None:
        return None
    further = None if best and best.version == last.version else last
    return Outdated(
        subject=pin.plugin,
        version=pin.version,
        newest=best.version if best else None,
        beyond=further.version if further else None,
        needs_core=further.required_core if further else None,
        fixes=fixed(known, pin.plugin, pin.version, best.version) if best else (),
        crosses=crossed(pin.version, best),
    )
