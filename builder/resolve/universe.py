"""Every release that a resolution may choose from, each with what the core no longer brings.

Behaves as a value: the same question always has the same answer. What was worked out once for a
plugin is kept, so that many resolutions over one catalogue share it.
"""

from collections.abc import Callable, Iterable
from functools import cmp_to_key

from msgspec.structs import replace

from builder.model.catalogue import Catalogue
from builder.model.java import reads_plugin_java
from builder.model.plugin import DependencyKind, Origin, PluginId, Release
from builder.resolve.detached import NOTHING, Detached
from builder.resolve.loadable import Loadable
from builder.resolve.loading import meets
from builder.version import Version, compare

_EARLY = ("alpha", "beta", "-snapshot")
_IMPLIED = DependencyKind.IMPLIED


class Universe:
    """The releases that a catalogue tells of, and those whose own files were read.

    Args:
        core: the controller that loads them.
        java: it runs on; None where nobody said.
        catalogue: what may be chosen.
        read: releases by their own files or by a lock; only a wish, a bound or a lock that names
            the version takes one of them.
        detached: what that core no longer brings.
    """

    def __init__(
        self,
        *,
        core: Version,
        java: int | None = None,
        catalogue: Catalogue,
        read: Iterable[Release] = (),
        detached: Detached = NOTHING,
    ) -> None:
        self.core = core
        self.java = java
        self.catalogue = catalogue
        self.detached = detached
        self._read = {(e.plugin, e.version): self._with_implied(e) for e in read}
        self._listed: dict[PluginId, tuple[Release, ...]] = {}
        self._fitting: dict[tuple[PluginId, bool], tuple[Version, ...]] = {}
        self._loadable = Loadable(self._fitting_releases)
        self._by_version = dict(self._read)

    def listed(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release that the catalogue tells of, oldest first; equals by their text.

        What a release's own file said goes before what the catalogue tells.
        """
        known = self._listed.get(plugin)
        if known is None:
            told = (
                self._read.get((plugin, each.version)) or self._with_implied(each)
                for each in self.catalogue.releases(plugin)
            )
            known = tuple(sorted(told, key=cmp_to_key(_by_age)))
            self._listed[plugin] = known
            self._by_version.update(((plugin, each.version), each) for each in known)
        return known

    def fitting(self, plugin: PluginId, *, oldest_first: bool) -> tuple[Version, ...]:
        """Give the listed versions that the core takes.

        Those that could never load come last, and before them early ones, except for one that
        the site itself offers.
        """
        key = (plugin, oldest_first)
        known = self._fitting.get(key)
        if known is None:
            fitting = self._fitting_releases(plugin)
            ordered = fitting if oldest_first else fitting[::-1]
            known = tuple(each.version for each in sorted(ordered, key=self._lateness(plugin)))
            self._fitting[key] = known
        return known

    def _fitting_releases(self, plugin: PluginId) -> tuple[Release, ...]:
        return tuple(each for each in self.listed(plugin) if self.fits(each))

    def _lateness(self, plugin: PluginId) -> Callable[[Release], int]:
        offered, newest = self.offered(plugin), self._loadable.newest(plugin)

        def lateness(release: Release) -> int:
            if newest is None or _by_age(release, newest) > 0:
                return 2
            return int(release.version != offered and is_early(release.version))

        return lateness

    def find(self, plugin: PluginId, version: Version) -> Release | None:
        """Give the facts of one release; None where nobody knows them."""
        key = (plugin, version)
        known = self._by_version.get(key)
        if known is None and plugin not in self._listed:
            self.listed(plugin)
            known = self._by_version.get(key)
        return known

    def read(self) -> tuple[Release, ...]:
        """Give the releases that were read, by plugin id and version."""
        return tuple(self._read[each] for each in sorted(self._read))

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Say where a release lies that nobody has read; None where nothing can tell."""
        return self.catalogue.where(plugin, version)

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell which version the update site offers."""
        return self.catalogue.offered(plugin)

    def fits(self, release: Release) -> bool:
        """Say whether the core, and the Java it runs on, take a release."""
        needs, java = release.required_core, release.required_java
        if needs is not None and not meets(self.core, needs):
            return False
        return (
            java is None
            or self.java is None
            or java <= self.java
            or not reads_plugin_java(self.core)
        )

    def _with_implied(self, release: Release) -> Release:
        implied = self.detached.implied(release.plugin, release.required_core)
        own = tuple(each for each in release.dependencies if each.kind is not _IMPLIED)
        return replace(release, dependencies=own + implied)


def is_early(version: Version) -> bool:
    """Tell a version that nobody gets who has not asked for it: alpha, beta, snapshot."""
    return any(word in version.lower() for word in _EARLY)


def _by_age(left: Release, right: Release) -> int:
    ours, theirs = left.version, right.version
    return compare(ours, theirs) or (ours > theirs) - (ours < theirs)
