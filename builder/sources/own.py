"""Plugins that a formula brings itself: a file beside it, one at a URL, one that is built."""

from msgspec import Struct
from msgspec.structs import replace

from builder import lock
from builder.errors import DigestMismatch, OfflineMiss
from builder.model.formula import Formula, Mode, Wish
from builder.model.lock import CorePin, LibraryPin, Lock, Pin
from builder.model.mirror import Wanted
from builder.model.plugin import Addressed, Beside, Built, PluginId, Release, Trust
from builder.model.recipe import Recipe
from builder.model.stored import StoredFile
from builder.ports import Store, World
from builder.sources import builds, inspect


class Brought(Struct, frozen=True, kw_only=True):
    """The wishes, those for own files pinned to what the files say; and these releases."""

    wishes: tuple[Wish, ...]
    releases: tuple[Release, ...]


def read(world: World, formula: Formula, old: Lock | None) -> Brought:
    """Read the formula's own plugins.

    Raises:
        NotAPlugin: a file is not the plugin it was asked for as.
        FilesUnreachable: a URL has no such file.
        DigestMismatch: the same address and version held other bytes when they were locked.
    """
    releases = {
        wish.plugin: _release(world, formula, wish, old)
        for wish in formula.plugins
        if isinstance(wish.origin, Addressed | Beside | Recipe)
    }
    return Brought(
        wishes=tuple(_pinned(each, releases.get(each.plugin)) for each in formula.plugins),
        releases=tuple(releases.values()),
    )


def _pinned(wish: Wish, release: Release | None) -> Wish:
    return replace(wish, version=release.version, mode=Mode.PINNED) if release else wish


def _release(world: World, formula: Formula, wish: Wish, old: Lock | None) -> Release:
    if isinstance(wish.origin, Beside):
        file = beside(world, formula, wish.origin)
        found = inspect.plugin_of(world, file, wish.plugin, wish.origin, version=wish.version)
        return replace(found, trust=Trust.FIRST_USE)
    if isinstance(wish.origin, Recipe):
        return _built(world, formula, wish.plugin, wish.origin, old)
    found = inspect.plugin_of(
        world, _addressed(world, wish), wish.plugin, Addressed(), version=wish.version
    )
    pin = old.find(wish.plugin) if old else None
    same = pin and (pin.origin, pin.version) == (Addressed(), found.version)
    unmoved = old and old.fingerprint == lock.fingerprint(formula)  # or it may be another address
    if pin and same and unmoved and found.digest and found.digest != pin.digest:
        raise DigestMismatch(name=wish.plugin, wanted=pin.digest, got=found.digest)
    return found


def _built(
    world: World, formula: Formula, plugin: PluginId, recipe: Recipe, old: Lock | None
) -> Release:
    with builds.built(world, formula, recipe, old.find(plugin) if old else None) as file:
        found = inspect.plugin_of(world, file, plugin, recipe.origin, version=None)
    return replace(found, trust=Trust.FIRST_USE)


def are_there(store: Store, locked: Lock) -> bool:
    """Say whether all that was built from its sources is in the store."""
    pins: tuple[CorePin | Pin | LibraryPin, ...] = (locked.core, *locked.plugins, *locked.libraries)
    built = (each.digest for each in pins if isinstance(each.origin, Built))
    return all(map(store.find, built))


def beside(world: World, formula: Formula, origin: Beside) -> StoredFile:
    """Keep the file that lies beside the formula in the store, like any other."""
    content = next(each.content for each in formula.inputs if each.path == origin.path)
    return world.store.add([content])


def _addressed(world: World, wish: Wish) -> StoredFile:
    """Fetch the file at a URL; offline, take the one that was last fetched from there."""
    name = f"own {wish.url}"
    try:
        (file,) = world.downloads.fetch((wanted(wish),), ())
    except OfflineMiss:
        digest = world.store.recall(name)
        kept = world.store.check(digest) if digest else None
        if kept is None:
            raise
        return kept
    world.store.remember(name, file.digest)
    return file


def wanted(wish: Wish) -> Wanted:
    """Ask for the file at a wish's own URL; the first bytes that come are believed."""
    return Wanted(path=None, url=wish.url, digest=None, size=None, label=wish.plugin)
