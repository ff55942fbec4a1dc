"""Several catalogues as one; earlier ones win."""

from collections.abc import Collection
from functools import cached_property

from msgspec import Struct

from builder.model.catalogue import Catalogue
from builder.model.plugin import Origin, PluginId, Release
from builder.version import Version, older_than


class Merged(Struct, frozen=True, kw_only=True, dict=True):
    """A catalogue out of several; a part is asked only for what the answer needs of it."""

    parts: tuple[Catalogue, ...]  # in order of preference

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id that any part knows."""
        return self._ids

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release, each once: as the first part tells of it that knows its digest."""
        if plugin not in self._seen:
            self._seen[plugin] = _joined([each.releases(plugin) for each in self.parts])
        return self._seen[plugin]

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell what the first part offers that offers any."""
        found = (each.offered(plugin) for each in self.parts)
        return next((version for version in found if version), None)

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Say what the first part says that knows."""
        found = (each.where(plugin, version) for each in self.parts)
        return next((origin for origin in found if origin), None)

    @cached_property
    def _ids(self) -> frozenset[PluginId]:
        return frozenset[PluginId]().union(*(each.ids() for each in self.parts))

    @cached_property
    def _seen(self) -> dict[PluginId, tuple[Release, ...]]:
        return {}


def merge(parts: tuple[Catalogue, ...]) -> Catalogue:
    """Join catalogues, in order of preference; releases are the same where their texts are."""
    return parts[0] if len(parts) == 1 else Merged(parts=parts)


def _joined(told: list[tuple[Release, ...]]) -> tuple[Release, ...]:
    by_version: dict[Version, Release] = {}
    for each in (release for part in told for release in part):
        known = by_version.get(each.version)
        if known is None or (known.digest is None and each.digest is not None):
            by_version[each.version] = each
    return tuple(by_version[version] for version in sorted(by_version))


class ForCore(Struct, frozen=True, kw_only=True, dict=True):
    """An index that was made for the newest core, read as that of another.

    A release that the core does not take is none that is offered: the official site would offer
    an older one, which its history tells.
    """

    index: Catalogue
    core: Version

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it knows."""
        return self.index.ids()

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release it tells of."""
        return self.index.releases(plugin)

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell what it offers, where the core takes it."""
        offered = self.index.offered(plugin)
        release = next((e for e in self.index.releases(plugin) if e.version == offered), None)
        needs = release.required_core if release else None
        return None if needs is not None and older_than(self.core, needs) else offered

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Say where a release lies that it does not list."""
        return self.index.where(plugin, version)
