"""What a resolution is asked, and how it answers when facts are missing."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from builder.model.formula import Implied, Mode, Place, Policy, Wish
from builder.model.plugin import Dependency, DependencyKind, Origin, PluginId, Release
from builder.resolve.loading import meets
from builder.resolve.preference import ranked
from builder.resolve.universe import Universe
from builder.version import Version

_Edges = tuple[Dependency, ...]
_FIXED = {Mode.PINNED, Mode.LATEST, Mode.EXPERIMENTAL}


class Question(Struct, frozen=True, kw_only=True, dict=True):
    """All that an answer may depend on; the order of the tuples makes no difference.

    Without slots, so that the look-ups below are worked out once.
    """

    universe: Universe
    wishes: tuple[Wish, ...]
    kept: tuple[tuple[PluginId, Version], ...] = ()  # versions an older lock pins
    policy: Policy = field(default_factory=Policy)

    @cached_property
    def wish_by_id(self) -> Mapping[PluginId, Wish]:
        """What the formula says of each plugin it names; where it says two things, the first."""
        ordered = sorted(self.wishes, key=_position, reverse=True)
        found = {each.plugin: each for each in ordered}
        return {plugin: found[plugin] for plugin in sorted(found)}

    @cached_property
    def kept_by_id(self) -> Mapping[PluginId, Version]:
        """The version an older lock pins."""
        return dict(self.kept)

    @cached_property
    def _ranked(self) -> dict[PluginId, tuple[Version, ...]]:
        return {}

    @cached_property
    def _edges(self) -> dict[tuple[PluginId, Version], tuple[_Edges, _Edges]]:
        return {}

    def ranked(self, plugin: PluginId) -> tuple[Version, ...]:
        """Give the versions that may be chosen, the best first, whatever the bounds."""
        known = self._ranked.get(plugin)
        if known is None:
            known = ranked(
                self.universe,
                plugin,
                wish=self.wish_by_id.get(plugin),
                kept=self.kept_by_id.get(plugin),
                policy=self.policy,
            )
            self._ranked[plugin] = known
        return known

    def is_fixed(self, plugin: PluginId) -> bool:
        """Say whether the formula leaves only one version of a plugin."""
        wish = self.wish_by_id.get(plugin)
        return wish is not None and wish.mode in _FIXED and len(self.ranked(plugin)) == 1

    def brings(self, release: Release) -> tuple[Dependency, ...]:
        """List the edges that bring their target in: required ones, and implied ones."""
        return self._parted(release)[0]

    def minds(self, release: Release) -> tuple[Dependency, ...]:
        """List the edges that count only where their target is there anyway."""
        return self._parted(release)[1]

    def _parted(self, release: Release) -> tuple[_Edges, _Edges]:
        key = (release.plugin, release.version)
        known = self._edges.get(key)
        if known is None:
            brings = [self._in_force(each) for each in release.dependencies]
            edges = tuple(zip(release.dependencies, brings, strict=True))
            known = tuple(e for e, b in edges if b), tuple(e for e, b in edges if not b)
            self._edges[key] = known
        return known

    def _in_force(self, edge: Dependency) -> bool:
        if edge.kind is DependencyKind.IMPLIED:
            return self.policy.implied is Implied.INSTALL and self.can_be_had(edge)
        return edge.kind is DependencyKind.REQUIRED

    def can_be_had(self, edge: Dependency) -> bool:
        """Say whether anything may be chosen that an implied edge asks for.

        Where nothing is, the controller boots without: such an edge is never a failure.
        """
        return any(meets(each, edge.minimum) for each in self.ranked(edge.plugin))


def _position(wish: Wish) -> tuple[Place, Version, str]:
    return wish.place, wish.version or Version(""), wish.mode.value


class Unread(Struct, frozen=True, kw_only=True):
    """The answer hangs on the facts of these releases; read them and ask again."""

    releases: tuple[tuple[PluginId, Version, Origin], ...]  # by plugin id, ascending
