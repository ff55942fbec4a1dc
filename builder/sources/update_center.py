"""``update-center.json`` to a ``Catalogue``: one release a plugin, one core, the warnings.

The document is split into its entries at once; an entry is read when somebody asks for it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property

import msgspec

from builder.errors import CatalogueBroken
from builder.model.catalogue import CoreRelease, SecurityWarning
from builder.model.plugin import Origin, PluginId, Release, Trust
from builder.sources import releases
from builder.sources.releases import Document, Entry, Teller
from builder.sources.shapes import UNREADABLE, document, moment, part, require_version
from builder.version import Version

_KINDS = ("core", "plugin")  # of warnings; any other is for nobody we know


class _Deprecation(msgspec.Struct, frozen=True):
    url: str = ""


class _Range(msgspec.Struct, frozen=True):
    pattern: str = ".*"


class _Warning(msgspec.Struct, frozen=True):
    id: str
    type: str
    name: str
    message: str = ""
    url: str = ""
    versions: tuple[_Range, ...] = ()


class UpdateCenter(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A catalogue: what an update site offers for one core."""

    name: str
    trust: Trust
    site: str  # the id the document gives itself
    timestamp: datetime | None
    cores: tuple[CoreRelease, ...]
    raw: Document

    @cached_property
    def broken(self) -> tuple[PluginId, ...]:
        """The plugins whose entries nobody can read, ascending; the rest is not harmed."""
        return tuple(sorted(p for each in self.raw.plugins if not self._read(p := PluginId(each))))

    @cached_property
    def warnings(self) -> tuple[SecurityWarning, ...]:
        """Every published weakness of the core and of plugins.

        Raises:
            CatalogueBroken: they cannot be read; to leave one out could hide it.
        """
        found = part(self.raw.warnings, tuple[_Warning, ...], self.name)
        return tuple(_warning(each) for each in found if each.type in _KINDS)

    @cached_property
    def deprecations(self) -> Mapping[PluginId, str]:
        """Where the site says why a plugin should be left; a mere label gives its page.

        Raises:
            CatalogueBroken: they cannot be read.
        """
        said = part(self.raw.deprecations, dict[str, _Deprecation], self.name)
        return {
            **{PluginId(each): found.wiki for each, found in self._labelled()},
            **{PluginId(each): entry.url for each, entry in said.items()},
        }

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it lists."""
        return self._ids

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give the one release it offers; none where its entry cannot be read."""
        found = self._read(plugin)
        return (found,) if found else ()

    def release(self, plugin: PluginId, version: Version) -> Release | None:
        """Give one release; None where the site offers another."""
        found = self._read(plugin)
        return found if found and found.version == version else None

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell which version the site offers."""
        found = self._read(plugin)
        return found.version if found else None

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Give the place of any release of a plugin it lists."""
        return releases.place(self.raw.plugins, plugin, version)

    @cached_property
    def _ids(self) -> frozenset[PluginId]:
        return releases.ids(self.raw.plugins)

    @cached_property
    def _seen(self) -> dict[PluginId, Release | None]:
        return {}

    def _read(self, plugin: PluginId) -> Release | None:
        """Read an entry the first time that anybody asks for it."""
        if plugin not in self._seen:
            entry, teller = self._entry(plugin), Teller(source=self.name, trust=self.trust)
            self._seen[plugin] = releases.read(entry, plugin, teller) if entry else None
        return self._seen[plugin]

    def _entry(self, plugin: PluginId) -> Entry | None:
        raw = self.raw.plugins.get(plugin)
        return releases.entry(raw, plugin) if raw is not None else None

    def _labelled(self) -> list[tuple[str, Entry]]:
        found = ((each, self._entry(PluginId(each))) for each in self.raw.plugins)
        return [(each, entry) for each, entry in found if entry and "deprecated" in entry.labels]


def decode(content: bytes, *, name: str, trust: Trust = Trust.UNSIGNED) -> UpdateCenter:
    """Read an update site's catalogue.

    Args:
        content: JSON, bare or wrapped in JSONP or a web page.
        name: how people name the source.
        trust: what vouches for it.

    Raises:
        CatalogueBroken: it is no such document.
    """
    return of(document(content, Document, name), name=name, trust=trust)


def of(found: Document, *, name: str, trust: Trust) -> UpdateCenter:
    """Make the catalogue of a document that has been read; as ``decode``."""
    require_version(found.update_center_version, name)
    try:
        core = releases.core(found.core) if found.core else None
    except UNREADABLE as fault:
        raise CatalogueBroken(source=name, fault=f"its core: {fault}") from fault
    return UpdateCenter(
        name=name,
        trust=trust,
        site=found.id,
        timestamp=moment(found.generation_timestamp),
        cores=(core,) if core else (),
        raw=found,
    )


def _warning(found: _Warning) -> SecurityWarning:
    return SecurityWarning(
        id=found.id,
        plugin=None if found.type == "core" else PluginId(found.name),
        message=found.message,
        url=found.url,
        patterns=tuple(each.pattern for each in found.versions),
    )
