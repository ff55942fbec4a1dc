"""Plugins with sizes, and what a push sends after one of them has changed."""

from pathlib import PurePosixPath

from builder.image.layers import cut
from builder.model.digest import Digest
from builder.model.lock import Pin, PinKind
from builder.model.plugin import PluginId, Trust
from builder.version import Version


def pin(plugin: str, size: int | None, version: str = "1") -> Pin:
    """Pin a plugin of which only the size and the version matter."""
    return Pin(
        plugin=PluginId(plugin),
        version=Version(version),
        kind=PinKind.WISH,
        origin=PurePosixPath(plugin),
        digest=Digest.of(f"{plugin} {version} {size}".encode()),
        size=size,
        trust=Trust.SIGNED,
        required_core=None,
        dependencies=(),
        why=(),
    )


def contents(pins: tuple[Pin, ...]) -> dict[frozenset[Digest], int]:
    """Give the size of each layer by what is in it."""
    by_id = {each.plugin: each for each in pins}
    layers = ([by_id[each] for each in layer.plugins] for layer in cut(pins))
    return {
        frozenset(each.digest for each in held): sum(each.size or 0 for each in held)
        for held in layers
    }


def pushed(before: tuple[Pin, ...], after: tuple[Pin, ...]) -> tuple[int, int]:
    """Count the layers, and their bytes, that a registry with the one lacks of the other."""
    has = contents(before)
    new = [size for content, size in contents(after).items() if content not in has]
    return len(new), sum(new)
