"""The layers that hold plugins: one cut for every engine.

An image may have about a hundred layers, so not every plugin can have its own. Large ones do;
small ones share buckets. Who shares a bucket follows from the plugins' ids alone: they are sorted
into a tree by the bits of their ids' digests, and a branch is split only while it is too heavy.
So a plugin that comes, goes or grows changes the branch it sits on, and no other.
"""

import hashlib
from collections.abc import Mapping

from builder.model.build import PluginLayer
from builder.model.lock import Pin
from builder.model.plugin import PluginId

MOST = 100
"""Layers of a whole image: both builders give up somewhat above that."""

_BASE = 25  # left to the base, whoever made it
_FIXED = 12  # left to what is no plugin: start script, home, controller, configuration
_FEWEST = 8  # for plugins, however much else there is

# A bump sends the plugin's layer and the configuration, which is some 0.4 MB: below 3 MB in all.
_ALONE = 750_000  # bytes; a plugin above that has a layer of its own
_BUCKET = 2_000_000  # bytes; a heavier bucket is split
_UNKNOWN = 250_000  # bytes; what a plugin counts for whose size no catalogue tells


def cut(pins: tuple[Pin, ...], *, others: int = 0) -> tuple[PluginLayer, ...]:
    """Share plugins out among layers.

    Where there are too many for the room, both bounds are doubled until they fit.

    Args:
        pins: the plugins.
        others: how many layers the formula's own files take.

    Returns:
        Plugins on their own by id, then buckets by name; every plugin in exactly one layer.
    """
    sizes = {pin.plugin: _UNKNOWN if pin.size is None else pin.size for pin in pins}
    room = max(MOST - _BASE - _FIXED - others, _FEWEST)
    factor = 1
    while len(made := _cut(sizes, factor)) > room:
        factor *= 2
    return made


def _cut(sizes: Mapping[PluginId, int], factor: int) -> tuple[PluginLayer, ...]:
    alone = sorted(each for each, size in sizes.items() if size > _ALONE * factor)
    small = {each: size for each, size in sizes.items() if size <= _ALONE * factor}
    own = (PluginLayer(name=f"plugin-{each}", plugins=(each,)) for each in alone)
    return (*own, *_buckets(small, "", _BUCKET * factor))


def _buckets(sizes: Mapping[PluginId, int], branch: str, most: int) -> tuple[PluginLayer, ...]:
    """Split a branch in two until no bucket is too heavy."""
    if not sizes:
        return ()
    if sum(sizes.values()) <= most:
        name = f"bucket-{branch}" if branch else "bucket"
        return (PluginLayer(name=name, plugins=tuple(sorted(sizes))),)
    halves: dict[str, dict[PluginId, int]] = {"0": {}, "1": {}}
    for each, size in sizes.items():
        halves[_bits(each)[len(branch)]][each] = size
    return tuple(
        layer for bit, half in halves.items() for layer in _buckets(half, branch + bit, most)
    )


def _bits(plugin: PluginId) -> str:
    """Spell an id's digest in binary: even for ids that are alike, the first bits differ."""
    return f"{int(hashlib.sha256(plugin.encode()).hexdigest(), 16):0256b}"
