"""The set of plugins for one folder: what is wished for, beside what is there and in the WAR.

What is there stays as it is unless a wish names it or the set needs it newer. Every set loads, or
there is none.
"""

from collections.abc import Iterable
from enum import Enum

from msgspec.structs import replace

from builder.model.catalogue import Asked
from builder.model.folder import Ground, Lying
from builder.model.formula import Dependencies, Formula, Mode, Place, Wish
from builder.model.lock import Choice, PinKind, Resolution
from builder.model.plugin import DependencyKind, PluginId, Release
from builder.ports import World
from builder.resolve import Universe
from builder.sources import catalogues, choose
from builder.sources.survey import Survey
from builder.version import Version, older_than

_FREE = {Mode.NEWEST, Mode.LATEST}


class Latest(Enum):
    """Which plugins that nobody names are as new as they can be; the others as old."""

    ALL = "all"
    SPECIFIED = "specified"  # those that wishes without a version need
    NONE = "none"


def with_experimental(
    world: World, formula: Formula, asked: Asked, core: Version | None, source: str
) -> tuple[Formula, Asked]:
    """Pin what is wished from the experimental site to what that offers, and read it beside."""
    beside = replace(asked, sources=(source,), histories=())
    found = catalogues.read(world, formula.catalogue, beside, core).current
    wishes = tuple(_pinned(each, found.offered(each.plugin)) for each in formula.plugins)
    return replace(formula, plugins=wishes), replace(asked, sources=(*asked.sources, source))


def _pinned(wish: Wish, offered: Version | None) -> Wish:
    if wish.mode is not Mode.EXPERIMENTAL or offered is None:
        return wish
    return replace(wish, mode=Mode.PINNED, version=offered)


def settle(
    world: World, formula: Formula, known: Survey, ground: Ground, latest: Latest
) -> Resolution:
    """Choose the set.

    Raises:
        ResolutionError: no set fits; with what would help.
        SourceError: a file that is needed to decide cannot be had.
    """
    wished = {each.plugin: each for each in formula.plugins}
    others = {plugin: each for plugin, each in ground.there.items() if plugin not in wished}
    taken = [e for e in ground.there.values() if _is_only_here(e, wished, known)]
    kept = tuple(each.release for each in (*others.values(), *taken))
    policy = formula.policy
    if latest is not Latest.ALL:  # a quick index knows only what is newest
        known = replace(known, indexes=known.indexes[-1:])
        policy = replace(policy, dependencies=Dependencies.LOWEST)
    wishes = (*map(_loadable, formula.plugins), *(_staying(each) for each in others.values()))
    asking = replace(formula, plugins=wishes, policy=policy)
    if latest is Latest.SPECIFIED:
        return _specified(world, asking, known, kept)
    return choose.beside(world, asking, known, kept)


def _is_only_here(lying: Lying, wished: dict[PluginId, Wish], known: Survey) -> bool:
    """Say whether the very release that is wished for lies here and in no index."""
    release = lying.release
    wish = wished.get(release.plugin)
    if wish is None or wish.origin or wish.version != release.version:
        return False
    told = (each for index in known.indexes for each in index.releases(release.plugin))
    return all(each.version != release.version for each in told)


def _loadable(wish: Wish) -> Wish:
    """Take the newest that loads for a wish that leaves it open: the site's own where that does."""
    return wish if wish.mode not in {Mode.LATEST, Mode.EXPERIMENTAL} else _newest(wish)


def _newest(wish: Wish) -> Wish:
    return replace(wish, mode=Mode.NEWEST, version=None)


def _staying(lying: Lying) -> Wish:
    """Wish for what is there, so that nothing takes it down or leaves it without what it needs."""
    return Wish(
        plugin=lying.release.plugin,
        version=lying.release.version,
        group=None,
        place=Place(lying.name, 1, 1),
        mode=Mode.AT_LEAST,
    )


def _specified(
    world: World, formula: Formula, known: Survey, kept: tuple[Release, ...]
) -> Resolution:
    """Raise what open wishes need, round by round, until that needs nothing else."""
    named = {each.plugin for each in formula.plugins}
    free = {each.plugin for each in formula.plugins if each.mode in _FREE}
    raised: frozenset[PluginId] = frozenset()
    while True:
        more = tuple(
            Wish(plugin=e, version=None, group=None, place=Place("", 1, 1), mode=Mode.NEWEST)
            for e in sorted(raised)
        )
        asking = replace(formula, plugins=(*formula.plugins, *more))
        found = choose.beside(world, asking, known, kept)
        below = _reached(found, free) - named
        if below <= raised:
            return _unwished(found, named, raised)
        raised |= below


def _reached(found: Resolution, start: Iterable[PluginId]) -> frozenset[PluginId]:
    by_id = {each.release.plugin: each.release for each in found.choices}
    waiting, seen = [each for each in start if each in by_id], set[PluginId]()
    while waiting:
        plugin = waiting.pop()
        if plugin in by_id and plugin not in seen:
            seen.add(plugin)
            edges = by_id[plugin].dependencies
            waiting += [e.plugin for e in edges if e.kind is not DependencyKind.OPTIONAL]
    return frozenset(seen)


def _unwished(found: Resolution, named: set[PluginId], raised: frozenset[PluginId]) -> Resolution:
    """Say of raised plugins why they are there; leave out those that nothing needs any more."""
    needed = _reached(found, named)
    kept = (each for each in found.choices if each.release.plugin in needed)
    return replace(
        found,
        choices=tuple(_reasoned(e) if e.release.plugin in raised else e for e in kept),
    )


def _reasoned(choice: Choice) -> Choice:
    why = tuple(each for each in choice.why if each.demander)
    is_required = any(each.kind is DependencyKind.REQUIRED for each in why)
    kind = PinKind.REQUIRED if is_required else PinKind.IMPLIED
    return replace(choice, kind=kind, why=why)


def updates(known: Survey, wishes: tuple[Wish, ...]) -> tuple[Wish, ...]:
    """Raise every pinned wish to the newest release that the core takes, where that is newer."""
    universes = [Universe(core=known.core, catalogue=each) for each in known.indexes]
    return tuple(_updated(each, universes) for each in wishes)


def _updated(wish: Wish, universes: list[Universe]) -> Wish:
    if wish.version is None or wish.origin or wish.mode is not Mode.PINNED:
        return wish
    found = (each.fitting(wish.plugin, oldest_first=False) for each in universes)
    newest = next((versions[0] for versions in found if versions), wish.version)
    return replace(wish, version=newest) if older_than(wish.version, newest) else wish
