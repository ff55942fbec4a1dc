"""What a resolution is asked, and how it answers when facts are missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from builder.model.catalogue import Listings
from builder.model.formula import Wish
from builder.model.plugin import Coordinates, Listing, PluginId, Release
from builder.version import Version


@dataclass(frozen=True, kw_only=True)
class Question:
    """All that an answer may depend on; the order of the tuples makes no difference.

    Without slots, so that the look-ups below are worked out once.
    """

    core: Version
    wishes: tuple[Wish, ...]
    releases: tuple[Release, ...]  # whose facts are known
    catalogue: Listings  # where plugins live that nobody has read yet
    kept: tuple[tuple[PluginId, Version], ...] = ()  # versions an older lock pins

    @cached_property
    def release_by_version(self) -> Mapping[tuple[PluginId, Version], Release]:
        """The facts of each release; a version is its text."""
        return {(each.plugin, each.version): each for each in self.releases}

    @cached_property
    def wish_by_id(self) -> Mapping[PluginId, Wish]:
        """What the formula says of each plugin it names."""
        return {each.plugin: each for each in self.wishes}

    @cached_property
    def listing_by_id(self) -> Mapping[PluginId, Listing]:
        """Where each plugin of the catalogue lives."""
        return {each.plugin: each for each in self.catalogue.listings}

    @cached_property
    def kept_by_id(self) -> Mapping[PluginId, Version]:
        """The version an older lock pins."""
        return dict(self.kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """The answer hangs on the facts of these releases; read them and ask again."""

    releases: tuple[tuple[PluginId, Coordinates], ...]  # by plugin id, ascending
