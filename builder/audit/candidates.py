"""Releases one could move to: what a core takes, the oldest, the newest, the nearest cure."""

import re
from collections.abc import Iterable

from builder.audit.patterns import affecting, match
from builder.model.audit import Known
from builder.model.catalogue import SecurityWarning
from builder.model.java import reads_plugin_java
from builder.model.plugin import PluginId, Release
from builder.version import Version, compare, is_snapshot, newest, older_than

_TRIAL = re.compile(r"alpha|beta|-rc\d", re.IGNORECASE)


def above(known: Known, plugin: PluginId, version: Version) -> tuple[Release, ...]:
    """List the finished releases that are newer than a version, in plain text order."""
    return tuple(
        each
        for each in known.catalogue.releases(plugin)
        if older_than(version, each.version) and is_finished(each.version)
    )


def is_finished(version: Version) -> bool:
    """Tell a release from an alpha, a beta, a snapshot and an incremental build."""
    return not is_snapshot(version) and not _TRIAL.search(version)


def takes(core: Version, release: Release, java: int | None = None) -> bool:
    """Say whether a core loads a release; on this Java, where it is known."""
    if release.required_core is not None and older_than(core, release.required_core):
        return False
    if java is None or release.required_java is None or not reads_plugin_java(core):
        return True
    return release.required_java <= java


def newest_of(releases: Iterable[Release]) -> Release | None:
    """Pick the newest release; None out of none."""
    by_version = {each.version: each for each in releases}
    return by_version[newest(by_version)] if by_version else None


def oldest_of(releases: Iterable[Release]) -> Release | None:
    """Pick the oldest release, among equals the first in plain text order; None out of none."""
    best: Release | None = None
    for each in sorted(releases, key=lambda each: each.version):
        if best is None or compare(each.version, best.version) < 0:
            best = each
    return best


def undemanding(releases: Iterable[Release]) -> Release | None:
    """Pick the release that needs the oldest core, among equals the oldest; None out of none."""
    best: Release | None = None
    for each in sorted(releases, key=lambda each: each.version):
        if best is None or _easier(each, best):
            best = each
    return best


def cure(known: Known, warning: SecurityWarning, version: Version, core: Version) -> Release | None:
    """Find the nearest release of a plugin that a warning does not concern.

    Releases that no warning at all concerns come first, and among them those that the core
    takes; where it takes none, the one that needs the oldest core. None where none is known.
    """
    if warning.plugin is None:
        return None
    newer = above(known, warning.plugin, version)
    spared = tuple(each for each in newer if match(warning, each.version) is None)
    clean = tuple(each for each in spared if not affecting(known, each.plugin, each.version))
    for some in (clean, spared):
        found = oldest_of(each for each in some if takes(core, each)) or undemanding(some)
        if found:
            return found
    return None


def _easier(one: Release, other: Release) -> bool:
    ours, theirs = one.required_core or Version("0"), other.required_core or Version("0")
    order = compare(ours, theirs)
    return order < 0 or (order == 0 and compare(one.version, other.version) < 0)
