"""Indexes of plugins: what an update site, its history or a WAR says of releases."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Protocol

from msgspec import Struct

from builder.model.digest import Digest
from builder.model.plugin import Coordinates, Listing, Origin, PluginId, Release, Trust
from builder.version import Version


class Catalogue(Protocol):
    """Looks releases up; behaves as a value: the same question always has the same answer."""

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it knows, in any order."""

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release whose facts it tells, in the plain order of the version texts."""

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell which version it offers; None where it offers none."""

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Say where a release lies that it does not list; None where it cannot know."""


class CoreRelease(Struct, frozen=True, kw_only=True):
    """A controller's WAR, as an update site tells of it."""

    version: Version
    path: PurePosixPath  # such as ``war-stable/2.346.3/jenkins.war``
    digest: Digest
    size: int | None  # bytes


class SecurityWarning(Struct, frozen=True, kw_only=True):
    """A published weakness of the core or of a plugin."""

    id: str  # such as ``SECURITY-1234``
    plugin: PluginId | None  # None: the core
    message: str
    url: str
    patterns: tuple[str, ...]  # whole-text matches of the version; empty: every version


class Identity(Struct, frozen=True, kw_only=True):
    """Which index this was, for the lock and for the memory of what has been seen."""

    name: str  # how people name it: a preset, a URL without secrets, a path
    site: str  # the id the document gives itself, ``default`` for Jenkins' own
    timestamp: datetime | None  # when it was generated, where it says so
    digest512: str  # SHA-512 of the canonical text, 128 hex digits
    signer: Digest | None  # fingerprint of the root that vouches for it
    trust: Trust


class Asked(Struct, frozen=True, kw_only=True):
    """What a command asks of catalogues beside what the formula says."""

    now: datetime  # UTC
    folder: Path  # the formula's: its own sources and roots lie below
    sources: tuple[str, ...] = ()  # instead of the formula's: presets, URLs, paths on this machine
    histories: tuple[str, ...] = ()  # URLs of long indexes, instead of those of the sources' sites
    trust: tuple[Path, ...] = ()  # files with roots, beside those that the formula names
    allow_rollback: bool = False  # take a catalogue older than one already seen
    allow_sha1: bool = False  # take a signature over SHA-1 where there is no other
    allow_unsigned: bool = False  # take a fetched catalogue that carries no signature at all
    at: datetime | None = None  # dates are judged by it; None: when a server last said so, or now


class Listings(Struct, frozen=True, kw_only=True, dict=True):
    """A catalogue that knows places and no facts: the one a WAR carries."""

    listings: tuple[Listing, ...]  # by plugin id, ascending

    @cached_property
    def _by_id(self) -> Mapping[PluginId, Listing]:
        return {each.plugin: each for each in self.listings}

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it knows."""
        return self._by_id.keys()

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:  # noqa: ARG002  # the protocol's
        """Tell nothing: its dependencies are no match for a manifest."""
        return ()

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell which version it offers."""
        listing = self._by_id.get(plugin)
        return listing.offered if listing else None

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Give Maven coordinates where the group is known."""
        listing = self._by_id.get(plugin)
        return Coordinates(listing.group, plugin, version) if listing and listing.group else None
