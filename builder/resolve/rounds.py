"""The growing fixpoint: whole rounds that add bounds and never forget one.

Nothing is updated inside a round, so the order of the input cannot show. Bounds only grow, so
the rounds end even though Jenkins's version order has cycles. Where a plugin is left without a
version, one of those who demand too much of it is ruled out and the rounds start anew; so is one of
those who need each other. What comes out may be better than need be: ``polish`` looks after that.

Source: resolution.md j.
"""

from collections.abc import Mapping

from msgspec import Struct

from builder.model.formula import Mode
from builder.model.plugin import PluginId, Release
from builder.resolve.blame import Banned, blamed
from builder.resolve.chosen import Chosen, Stuck, unmet
from builder.resolve.places import origin_of, require_origin
from builder.resolve.question import Question, Unread
from builder.version import Version, newest, older_than

_TIGHTENINGS = 10  # far more than any real set takes; each answer on the way is as sound
_BANS = 300  # then the complete search takes over; real sets take a dozen
_Bounds = Mapping[PluginId, frozenset[Version]]
_NONE: frozenset[Version] = frozenset()


def run(question: Question, *, bans: int = _BANS) -> Chosen | Unread | Stuck:
    """Choose a version for every plugin that the wishes need.

    Args:
        question: what is wished for, and out of what.
        bans: so many versions are ruled out, one by one, before it is stuck for good.

    Returns:
        The releases by plugin id, ascending; or those whose facts have to be read before it can
        be told; or where it got stuck, which does not mean that there is no answer. No more does
        a cycle among the releases.
    """
    banned: Banned = frozenset()
    while True:
        answer = _Rounds(question, banned).run()
        if isinstance(answer, Unread) or len(banned) == bans:
            return answer
        ban = blamed(question, answer, banned)
        if ban is None:
            return answer
        banned |= {ban}


class _Rounds:
    """One course of rounds with some versions ruled out."""

    def __init__(self, question: Question, banned: Banned) -> None:
        self._question = question
        self._banned = banned
        self._picked: dict[tuple[PluginId, frozenset[Version]], Version | None] = {}

    def run(self) -> Chosen | Unread | Stuck:
        """Run to the end; where what an abandoned version forced up matters, run again without."""
        wished = self._wished()
        start = wished
        for _ in range(_TIGHTENINGS):
            end = self._fixpoint(start)
            if isinstance(end, Unread):
                return end
            bounds, chosen, stuck = end
            tighter = grow(self._question, wished, chosen)
            if tighter in (bounds, start) or not (stuck or self._by_bounds(chosen)):
                break
            start = tighter
        return stuck or chosen

    def _wished(self) -> _Bounds:
        """Give what the formula itself asks for; a pin is no bound: it allows nothing else."""
        return {
            plugin: frozenset({wish.version})
            if wish.version and wish.mode is Mode.AT_LEAST
            else _NONE
            for plugin, wish in self._question.wish_by_id.items()
        }

    def _fixpoint(self, bounds: _Bounds) -> tuple[_Bounds, Chosen, Stuck | None] | Unread:
        """Add bounds in whole rounds until a round adds none."""
        while True:
            reached = self._reached(bounds)
            if reached.unread:
                return self._unread(reached.unread)
            grown = grow(self._question, bounds, reached.chosen)
            if grown is bounds:
                return bounds, reached.chosen, self._stuck(reached)
            bounds = grown

    def _by_bounds(self, chosen: Chosen) -> bool:
        """Say whether a version was taken only because it is the one that a bound names."""
        return any(not self._question.universe.listed(each) for each in chosen)

    def _reached(self, bounds: _Bounds) -> "_Reached":
        """Pick a version for each plugin that the wishes reach over the versions picked.

        What only an abandoned version asked for is neither picked nor read.
        """
        question = self._question
        waiting = list(question.wish_by_id)
        chosen: dict[PluginId, Release] = {}
        unread: dict[PluginId, Version] = {}
        without: set[PluginId] = set()
        while waiting:
            plugin = waiting.pop()
            if plugin not in bounds or plugin in chosen or plugin in unread or plugin in without:
                continue
            version = self._pick(plugin, bounds[plugin])
            if version is None:
                without.add(plugin)
            elif release := question.universe.find(plugin, version):
                chosen[plugin] = release
                waiting += [edge.plugin for edge in question.brings(release)]
            else:
                unread[plugin] = version
        return _Reached(
            chosen={plugin: chosen[plugin] for plugin in sorted(chosen)},
            unread={plugin: unread[plugin] for plugin in sorted(unread)},
            without=tuple(sorted(without)),
        )

    def _pick(self, plugin: PluginId, bounds: frozenset[Version]) -> Version | None:
        """Give the best version that the bounds allow; the wished one whether they do or not."""
        key = plugin, bounds
        if key not in self._picked:
            self._picked[key] = self._best(plugin, newest(bounds) if bounds else None)
        return self._picked[key]

    def _best(self, plugin: PluginId, bound: Version | None) -> Version | None:
        question = self._question
        ranked = question.ranked(plugin)
        if question.is_fixed(plugin) and ranked:
            return ranked[0]
        for version in ranked:
            allowed = bound is None or not older_than(version, bound)
            if allowed and (plugin, version) not in self._banned:
                return version
        if bound and not question.universe.listed(plugin):
            return None if (plugin, bound) in self._banned else self._unlisted(plugin, bound)
        return None

    def _unlisted(self, plugin: PluginId, bound: Version) -> Version | None:
        """Take a bound's own version where nothing lists any: Maven may have it."""
        universe = self._question.universe
        known = universe.find(plugin, bound) or origin_of(self._question, plugin, bound)
        return bound if known else None

    def _unread(self, missing: Mapping[PluginId, Version]) -> Unread:
        """Say where to read them; a version that lies nowhere is left to the refusal."""
        where = ((*each, require_origin(self._question, *each)) for each in missing.items())
        return Unread(releases=tuple(where))

    def _stuck(self, reached: "_Reached") -> Stuck | None:
        chosen = reached.chosen
        if reached.without:
            return Stuck(plugin=reached.without[0], found=None, chosen=chosen)
        low = {each.edge.plugin for each in unmet(chosen)}
        for plugin, release in chosen.items():
            if plugin in low or not self._question.universe.fits(release):
                return Stuck(plugin=plugin, found=release.version, chosen=chosen)
        return None


class _Reached(Struct, frozen=True, kw_only=True):
    """What one round comes to, each part by plugin id, ascending."""

    chosen: Chosen
    unread: Mapping[PluginId, Version]  # picked, and nobody knows their facts
    without: tuple[PluginId, ...]  # no version is left that their bounds allow


def grow(question: Question, bounds: _Bounds, chosen: Chosen) -> _Bounds:
    """Add what the chosen releases ask for: an optional edge never brings its target in."""
    grown: dict[PluginId, set[Version]] = {}
    for release in chosen.values():
        for edge in question.brings(release):
            grown.setdefault(edge.plugin, set()).add(edge.minimum)
        for edge in question.minds(release):
            if edge.plugin in chosen:
                grown.setdefault(edge.plugin, set()).add(edge.minimum)
    if all(bounds.get(plugin, _NONE) >= more for plugin, more in grown.items()):
        return bounds
    return {**bounds, **{each: bounds.get(each, _NONE) | more for each, more in grown.items()}}
