"""``plugin-versions.json`` to a ``Catalogue``: every release there has been, none of them offered.

Twenty megabytes, of which a resolution asks for little: a plugin's part stays text until then.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property

import msgspec

from builder.errors import CatalogueBroken
from builder.model.catalogue import CoreRelease
from builder.model.plugin import Origin, PluginId, Release, Trust
from builder.sources import releases
from builder.sources.releases import CoreEntry, Document, Teller
from builder.sources.shapes import UNREADABLE, document, moment, part, require_version
from builder.version import Version


class History(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A catalogue: the longer index of an update site."""

    name: str
    trust: Trust
    timestamp: datetime | None
    raw: Document
    site: str = ""  # such a document gives itself no id

    @cached_property
    def broken(self) -> tuple[PluginId, ...]:
        """The plugins with an entry that nobody can read, ascending; reads all of them."""
        return tuple(
            sorted(p for each in self.raw.plugins if self._read(p := PluginId(each)).broken)
        )

    @cached_property
    def cores(self) -> tuple[CoreRelease, ...]:
        """Every core it tells of, by the text of the version.

        Raises:
            CatalogueBroken: they cannot be read.
        """
        entries = part(self.raw.cores, dict[str, CoreEntry], self.name)
        try:
            found = [releases.core(entries[each]) for each in sorted(entries)]
        except UNREADABLE as fault:
            raise CatalogueBroken(source=self.name, fault=f"its cores: {fault}") from fault
        return tuple(each for each in found if each)

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it knows."""
        return self._ids

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release there has been, in the plain order of the version texts."""
        return self._read(plugin).releases

    def release(self, plugin: PluginId, version: Version) -> Release | None:
        """Give one release; None where it tells of none with this very text."""
        return next((each for each in self.releases(plugin) if each.version == version), None)

    def offered(self, plugin: PluginId) -> Version | None:  # noqa: ARG002  # the protocol's
        """Offer nothing: what was published once may have been withdrawn."""
        return None

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Give the place of any release of a plugin it knows."""
        return releases.place(self.raw.plugins, plugin, version)

    @cached_property
    def _ids(self) -> frozenset[PluginId]:
        return releases.ids(self.raw.plugins)

    @cached_property
    def _seen(self) -> dict[PluginId, "_Plugin"]:
        return {}

    def _read(self, plugin: PluginId) -> "_Plugin":
        """Read a plugin's part the first time that anybody asks for it."""
        if plugin not in self._seen:
            raw = self.raw.plugins.get(plugin)
            teller = Teller(source=self.name, trust=self.trust)
            self._seen[plugin] = _plugin(raw, plugin, teller) if raw is not None else _NONE
        return self._seen[plugin]


class _Plugin(msgspec.Struct, frozen=True, kw_only=True):
    releases: tuple[Release, ...]
    broken: bool  # an entry at least could not be read


_NONE = _Plugin(releases=(), broken=False)


def decode(content: bytes, *, name: str, trust: Trust = Trust.UNSIGNED) -> History:
    """Read the index of all releases.

    Args:
        content: JSON, bare or wrapped.
        name: how people name the source.
        trust: what vouches for it.

    Raises:
        CatalogueBroken: it is no such document.
    """
    return of(document(content, Document, name), name=name, trust=trust)


def of(found: Document, *, name: str, trust: Trust) -> History:
    """Make the catalogue of a document that has been read; as ``decode``."""
    require_version(found.update_center_version, name)
    return History(name=name, trust=trust, timestamp=moment(found.generation_timestamp), raw=found)


def _plugin(raw: msgspec.Raw, plugin: PluginId, teller: Teller) -> _Plugin:
    try:
        entries = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except UNREADABLE:
        return _Plugin(releases=(), broken=True)
    read = [_release(entries[each], plugin, Version(each), teller) for each in sorted(entries)]
    return _Plugin(releases=tuple(each for each in read if each), broken=not all(read))


def _release(
    raw: msgspec.Raw, plugin: PluginId, version: Version, teller: Teller
) -> Release | None:
    entry = releases.entry(raw, plugin, version)
    return releases.read(entry, plugin, teller) if entry else None
