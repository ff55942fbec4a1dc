"""The growing fixpoint: whole rounds that add bounds and never forget one.

Nothing is updated inside a round, so the order of the input cannot show. Bounds only grow, so
the rounds end even though Jenkins's version order has cycles. What a bound of an abandoned
version has forced up comes down again afterwards: the rounds start anew with the bounds that
the answer itself asks for, until that changes nothing.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from builder.errors import CoreTooOld, UnknownPlugin, WishBelowBound
from builder.model.lock import Choice, PinKind, Reason, Resolution
from builder.model.plugin import Coordinates, Dependency, DependencyKind, PluginId, Release
from builder.resolve.chains import chain_to
from builder.resolve.question import Question, Unread
from builder.version import Version, newest, older_than

_TIGHTENINGS = 10  # far more than any real set takes; each answer on the way is as sound
_Bounds = Mapping[PluginId, frozenset[Version]]
_Selected = Mapping[PluginId, Version]


def settle(question: Question) -> Resolution | Unread:
    """Choose a version for every plugin that the wishes need.

    Returns:
        The resolution, or the releases whose facts have to be read before it can be found.

    Raises:
        UnknownPlugin: nothing says where a plugin is published.
        WishBelowBound: a wish pins a plugin below what another demands.
        CoreTooOld: a chosen release needs a newer core.
    """
    wished: _Bounds = {wish.plugin: frozenset() for wish in question.wishes}
    chosen = _fixpoint(question, wished)
    for _ in range(_TIGHTENINGS):
        if isinstance(chosen, Unread):
            break
        tighter = _fixpoint(question, _grow(wished, chosen))
        if tighter == chosen:
            break
        chosen = tighter
    return chosen if isinstance(chosen, Unread) else _resolution(question, chosen)


def _fixpoint(question: Question, bounds: _Bounds) -> Mapping[PluginId, Release] | Unread:
    """Add bounds in whole rounds, from ``bounds`` on, until a round adds none.

    Whatever comes out holds together: every bound that it asks for is kept.
    """
    while True:
        selected = _reached(question, bounds)
        unread = _unread(question, selected)
        if unread.releases:
            return unread
        chosen = {each[0]: question.release_by_version[each] for each in selected.items()}
        grown = _grow(bounds, chosen)
        if grown == bounds:
            return chosen
        bounds = grown


def _reached(question: Question, bounds: _Bounds) -> _Selected:
    """Pick a version for each plugin that the wishes reach over the versions picked.

    What only an abandoned version asked for is neither picked nor read.
    """
    waiting = [wish.plugin for wish in question.wishes]
    selected: dict[PluginId, Version] = {}
    while waiting:
        plugin = waiting.pop()
        if plugin in bounds and plugin not in selected:
            selected[plugin] = _pick(question, plugin, bounds)
            known = question.release_by_version.get((plugin, selected[plugin]))
            edges = known.dependencies if known else ()
            waiting += [e.plugin for e in edges if e.kind is not DependencyKind.OPTIONAL]
    return {plugin: selected[plugin] for plugin in sorted(selected)}


def _pick(question: Question, plugin: PluginId, bounds: _Bounds) -> Version:
    """Give the wished version, else the locked one, else the oldest that every bound allows."""
    wish = question.wish_by_id.get(plugin)
    if wish and wish.version:
        return wish.version
    bound = newest(bounds[plugin]) if bounds[plugin] else None
    kept = question.kept_by_id.get(plugin)
    if kept and not (bound and older_than(kept, bound)):
        return kept
    offered = _offered(question, plugin) if wish else None
    if offered and not (bound and older_than(offered, bound)):
        return offered
    if bound:
        return bound
    raise _unknown(question, plugin)


def _offered(question: Question, plugin: PluginId) -> Version | None:
    listing = question.listing_by_id.get(plugin)
    return listing.offered if listing else None


def _unread(question: Question, selected: _Selected) -> Unread:
    missing = (each for each in selected.items() if each not in question.release_by_version)
    return Unread(
        releases=tuple((plugin, _where(question, plugin, version)) for plugin, version in missing)
    )


def _where(question: Question, plugin: PluginId, version: Version) -> Coordinates:
    wish = question.wish_by_id.get(plugin)
    listing = question.listing_by_id.get(plugin)
    group = (wish and wish.group) or (listing and listing.group) or _known_group(question, plugin)
    if not group:
        raise _unknown(question, plugin)
    return Coordinates(group, plugin, version)


def _known_group(question: Question, plugin: PluginId) -> str | None:
    """Give the group of another release of the plugin, where one has been read."""
    groups = {
        each.origin.group
        for each in question.releases
        if each.plugin == plugin and isinstance(each.origin, Coordinates)
    }
    return min(groups, default=None)


def _grow(bounds: _Bounds, chosen: Mapping[PluginId, Release]) -> _Bounds:
    grown = dict(bounds)
    for release in chosen.values():
        for edge in release.dependencies:
            if _counts(edge, chosen):
                grown[edge.plugin] = grown.get(edge.plugin, frozenset()) | {edge.minimum}
    return grown


def _counts(edge: Dependency, chosen: Mapping[PluginId, Release]) -> bool:
    """Say whether an edge is in force: an optional one never brings its target in."""
    return edge.kind is not DependencyKind.OPTIONAL or edge.plugin in chosen


def _resolution(question: Question, chosen: Mapping[PluginId, Release]) -> Resolution:
    choices = tuple(_choice(question, chosen, plugin) for plugin in sorted(chosen))
    resolution = Resolution(core=question.core, choices=choices)
    for choice in choices:
        _refuse_low_wish(question, resolution, choice)
        _refuse_old_core(question, resolution, choice)
    return resolution


def _choice(question: Question, kept: Mapping[PluginId, Release], plugin: PluginId) -> Choice:
    wish = question.wish_by_id.get(plugin)
    asked = (
        Reason(demander=demander, minimum=edge.minimum, kind=edge.kind)
        for demander in sorted(kept)
        for edge in kept[demander].dependencies
        if edge.plugin == plugin
    )
    if wish is None:
        return Choice(release=kept[plugin], kind=PinKind.REQUIRED, why=tuple(asked))
    wished = Reason(demander=None, minimum=wish.version, kind=DependencyKind.REQUIRED)
    return Choice(release=kept[plugin], kind=PinKind.WISH, why=(wished, *asked))


def _refuse_low_wish(question: Question, resolution: Resolution, choice: Choice) -> None:
    wish = question.wish_by_id.get(choice.release.plugin)
    for reason in choice.why:
        demander, minimum = reason.demander, reason.minimum
        if wish and demander and minimum and older_than(choice.release.version, minimum):
            raise WishBelowBound(
                plugin=wish.plugin,
                wished=choice.release.version,
                demander=demander,
                minimum=minimum,
                chain=chain_to(resolution, demander),
                place=wish.place,
            )


def _refuse_old_core(question: Question, resolution: Resolution, choice: Choice) -> None:
    release = choice.release
    if release.required_core and older_than(question.core, release.required_core):
        chain = chain_to(resolution, release.plugin)
        wish = question.wish_by_id.get(chain[0])
        raise CoreTooOld(
            plugin=release.plugin,
            version=release.version,
            needs=release.required_core,
            core=question.core,
            chain=chain,
            place=wish.place if wish else None,
        )


def _unknown(question: Question, plugin: PluginId) -> UnknownPlugin:
    demanders = sorted(
        each.plugin
        for each in question.releases
        if any(edge.plugin == plugin for edge in each.dependencies)
    )
    wish = question.wish_by_id.get(plugin) or (
        question.wish_by_id.get(demanders[0]) if demanders else None
    )
    return UnknownPlugin(
        plugin=plugin,
        chain=(*demanders[:1], plugin),
        place=wish.place if wish else None,
        near=_near(question, plugin),
    )


def _near(question: Question, plugin: PluginId) -> tuple[PluginId, ...]:
    known = [each.plugin for each in question.catalogue.listings]
    return tuple(PluginId(each) for each in get_close_matches(plugin, known, n=3))
