"""Every index that a formula or a command names, fetched, checked and joined.

Update centers are read at once. The long history of a site is opened by the first question that
goes to ``Catalogues.merged``; ``Catalogues.current`` never opens one. Both behave as values: what
each answers does not depend on what the other has been asked.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial

from msgspec import Struct
from msgspec.structs import replace

from builder.model.audit import AuditFinding
from builder.model.catalogue import Asked, Catalogue, CoreRelease, Identity, SecurityWarning
from builder.model.formula import CatalogueWishes
from builder.model.plugin import Origin, PluginId, Release
from builder.ports import World
from builder.sources import mirrors, rollback
from builder.sources.merge import merge
from builder.sources.reading import Opened, Reader, roots
from builder.sources.sites import Remote, at_url, site
from builder.sources.update_center import UpdateCenter
from builder.version import Version


class Later(Struct, frozen=True, kw_only=True, dict=True):
    """A history that is fetched and checked when the first question comes; it offers nothing."""

    open: Callable[[], Opened]

    @cached_property
    def opened(self) -> Opened:
        """The history; any question but what it offers opens it."""
        return self.open()

    @property
    def so_far(self) -> tuple[Opened, ...]:
        """The history where something has asked for it, else nothing."""
        return (self.opened,) if "opened" in self.__dict__ else ()

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it knows."""
        return self.opened.index.ids()

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release there has been."""
        return self.opened.index.releases(plugin)

    def offered(self, plugin: PluginId) -> Version | None:  # noqa: ARG002  # the protocol's
        """Offer nothing, as every history."""
        return None

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Give the place of any release of a plugin it knows."""
        return self.opened.index.where(plugin, version)


class Catalogues(Struct, frozen=True, kw_only=True, dict=True):
    """All that is known of plugins and cores, in the order of the sources."""

    opened: tuple[Opened, ...]
    later: tuple[Later, ...]
    remarks: tuple[AuditFinding, ...] = ()  # on how the sources compare with what has been seen

    @cached_property
    def current(self) -> Catalogue:
        """What the sources say themselves; opens no history."""
        return merge(tuple(each.catalogue for each in self.opened))

    @cached_property
    def merged(self) -> Catalogue:
        """The same with every release that the histories of these sites tell of."""
        return merge((*(each.catalogue for each in self.opened), *self.later))

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Every index that has been read so far: ask once the resolution stands."""
        return tuple(each.identity for each in self._read)

    @property
    def findings(self) -> tuple[AuditFinding, ...]:
        """What a person should know of the indexes that have been read so far."""
        return (*self.remarks, *(each for found in self._read for each in found.findings))

    @cached_property
    def cores(self) -> tuple[CoreRelease, ...]:
        """Every core that a source tells of, each version as the first one has it."""
        found = [core for each in self.opened for core in each.index.cores]
        return tuple({each.version: each for each in reversed(found)}.values())[::-1]

    @cached_property
    def warnings(self) -> tuple[SecurityWarning, ...]:
        """Every published weakness that a source tells of, each once."""
        return tuple(dict.fromkeys(warning for each in self._sites for warning in each.warnings))

    @cached_property
    def deprecations(self) -> Mapping[PluginId, str]:
        """Where the first source that deprecates a plugin says why."""
        found: dict[PluginId, str] = {}
        for each in reversed(self._sites):
            found.update(each.deprecations)
        return found

    @property
    def _read(self) -> tuple[Opened, ...]:
        return (*self.opened, *(found for each in self.later for found in each.so_far))

    @property
    def _sites(self) -> tuple[UpdateCenter, ...]:
        found = (each.index for each in self.opened)
        return tuple(each for each in found if isinstance(each, UpdateCenter))


def read(world: World, wishes: CatalogueWishes, asked: Asked, core: Version | None) -> Catalogues:
    """Read the catalogues a formula names, or those that the command names instead.

    Args:
        world: where documents come from, and the memory of what has been seen.
        wishes: what the formula says of catalogues.
        asked: what the command says.
        core: the controller's version; None takes each source's own.

    Raises:
        SourceUnreachable: a document cannot be had.
        CatalogueBroken: it is no catalogue.
        CatalogueUntrusted: nobody trusted vouches for it, or a newer one has been seen.
        Unreadable: a file with a catalogue or a root cannot be read.
    """
    reader = Reader(world=world, asked=asked, roots=roots(world, wishes, asked), core=core)
    chosen = bool(asked.sources)
    updates = tuple(each.updates for each in mirrors.relays(wishes))
    sites = [
        site(each, core, chosen=chosen, updates=updates) for each in asked.sources or wishes.sources
    ]
    opened = tuple(reader.open(each) for each in sites)
    seen = (each.sighting for each in opened)
    told = (each.history for each in sites if isinstance(each, Remote))
    histories = dict.fromkeys([at_url(each) for each in asked.histories] or filter(None, told))
    return Catalogues(
        opened=opened,
        later=tuple(Later(open=partial(_history, reader, each)) for each in histories),
        remarks=rollback.judge(world.store, seen, allow=asked.allow_rollback),
    )


def _history(reader: Reader, source: Remote) -> Opened:
    opened, allow = reader.open(source), reader.asked.allow_rollback
    found = rollback.judge(reader.world.store, (opened.sighting,), allow=allow)
    return replace(opened, findings=(*opened.findings, *found))
