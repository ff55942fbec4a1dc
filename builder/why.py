"""Why a plugin is in the set: every shortest chain that brings it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.model.lock import Lock, Pin, PinKind
from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One plugin on the way, with what its predecessor asks of it."""

    plugin: PluginId
    version: Version
    asked: Version | None  # the minimum; None where the formula names no version
    kind: DependencyKind


Chain = tuple[Link, ...]


def chains(locked: Lock, plugin: PluginId) -> tuple[Chain, ...]:
    """Find all shortest chains from each wish to ``plugin``.

    Returns:
        Chains by length, then by ids; each begins with a wish and ends with ``plugin``. Empty
        where the lock has no such plugin.
    """
    pins = {each.plugin: each for each in locked.plugins}
    if plugin not in pins:
        return ()
    found = [
        chain
        for wish in locked.plugins
        if wish.kind is PinKind.WISH
        for chain in _shortest(pins, wish, plugin)
    ]
    return tuple(sorted(found, key=lambda chain: (len(chain), [each.plugin for each in chain])))


def _shortest(pins: Mapping[PluginId, Pin], wish: Pin, target: PluginId) -> list[Chain]:
    """Walk breadth first from one wish; stop at the first depth that reaches the target."""
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
        ]
        seen |= {chain[-1].plugin for chain in wave}
    return []


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
