"""What is chosen on the way to an answer, and where it gets stuck."""

from collections.abc import Mapping

from msgspec import Struct

from builder.model.plugin import Dependency, PluginId, Release
from builder.resolve.loading import meets
from builder.version import Version

Chosen = Mapping[PluginId, Release]


class Stuck(Struct, frozen=True, kw_only=True):
    """No version of ``plugin`` is left that all who demand it, and the core, would take."""

    plugin: PluginId
    found: Version | None  # what it would have been
    chosen: Chosen  # what had been chosen when that showed


class Demand(Struct, frozen=True, kw_only=True):
    """One edge of a chosen release."""

    release: Release
    edge: Dependency


def unmet(chosen: Chosen) -> tuple[Demand, ...]:
    """List the edges whose target is there and older than they ask for."""
    return tuple(
        Demand(release=release, edge=edge)
        for release in chosen.values()
        for edge in release.dependencies
        if edge.plugin in chosen and not meets(chosen[edge.plugin].version, edge.minimum)
    )
