"""Why a plugin is in the set: every shortest chain that brings it in."""

from collections.abc import Mapping

from msgspec import Struct

from builder.model.lock import Lock, Pin, PinKind
from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.version import Version


class Link(Struct, frozen=True, kw_only=True):
    """One plugin on the way, with what its predecessor asks of it."""

    plugin: PluginId
    version: Version
    asked: Version | None  # the minimum; None where the formula names no version
    kind: DependencyKind


_MOST = 100  # chains for one wish: nobody reads more, and there may be millions
Chain = tuple[Link, ...]


def chains(locked: Lock, plugin: PluginId) -> tuple[Chain, ...]:
    """Find the shortest chains from each wish to ``plugin``: all, up to 100 for each wish.

    Returns:
        Chains by length, then by ids; each begins with a wish and ends with ``plugin``. Empty
        where the lock has no such plugin.
    """
    pins = {each.plugin: each for each in locked.plugins}
    if plugin not in pins:
        return ()
    needed = _above(pins, plugin)
    found = [
        chain
        for wish in locked.plugins
        if wish.kind is PinKind.WISH
        for chain in _shortest(needed, wish, plugin)
    ]
    return tuple(sorted(found, key=lambda chain: (len(chain), [each.plugin for each in chain])))


def _shortest(pins: Mapping[PluginId, Pin], wish: Pin, target: PluginId) -> list[Chain]:
    """Walk breadth first from one wish; stop at the first depth that reaches the target.

    Every chain in a wave leads there, so some of them will do where there are very many.
    """
    if wish.plugin not in pins:
        return []
    wave: list[Chain] = [(_wish_link(wish),)]
    seen = {wish.plugin}
    while wave:
        reached = [chain for chain in wave if chain[-1].plugin == target]
        if reached:
            return reached
        wave = [
            (*chain, _link(pins[edge.plugin], edge))
            for chain in wave
            for edge in pins[chain[-1].plugin].dependencies
            if edge.kind is not DependencyKind.OPTIONAL
            and edge.plugin in pins
            and edge.plugin not in seen
        ][:_MOST]
        seen |= {chain[-1].plugin for chain in wave}
    return []


def _above(pins: Mapping[PluginId, Pin], target: PluginId) -> Mapping[PluginId, Pin]:
    """Keep the plugins from which ``target`` can be reached, itself included."""
    above = {target}
    grown = True
    while grown:
        more = {
            each.plugin
            for each in pins.values()
            if any(
                edge.plugin in above and edge.kind is not DependencyKind.OPTIONAL
                for edge in each.dependencies
            )
        }
        grown = not more <= above
        above |= more
    return {plugin: pin for plugin, pin in pins.items() if plugin in above}


def bounds(locked: Lock, plugin: PluginId) -> tuple[tuple[Pin, Dependency], ...]:
    """List the plugins whose optional dependency sets a bound without bringing it in, by id."""
    return tuple(
        (each, edge)
        for each in locked.plugins
        for edge in each.dependencies
        if edge.plugin == plugin and edge.kind is DependencyKind.OPTIONAL
    )


def _wish_link(wish: Pin) -> Link:
    asked = next((each.minimum for each in wish.why if each.demander is None), None)
    return Link(plugin=wish.plugin, version=wish.version, asked=asked, kind=DependencyKind.REQUIRED)


def _link(pin: Pin, edge: Dependency) -> Link:
    return Link(plugin=pin.plugin, version=pin.version, asked=edge.minimum, kind=edge.kind)
