"""Facts that stand only in the file itself: fetched into the store and read.

May fill the store, and changes nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from builder.errors import (
    ArchiveBroken,
    DigestMismatch,
    NotAController,
    NotAPlugin,
    ResolutionError,
)
from builder.model.catalogue import Listings
from builder.model.formula import Formula
from builder.model.lock import CorePin, Lock
from builder.model.plugin import Beside, Coordinates, Origin, PluginId, Release, Trust
from builder.model.recipe import Recipe
from builder.model.stored import StoredFile
from builder.ports import World
from builder.sources import builds, bundled, manifest
from builder.version import Version


class Inspected(Struct, frozen=True, kw_only=True):
    """The controller's WAR, read."""

    pin: CorePin
    file: StoredFile
    catalogue: Listings


def core(world: World, formula: Formula, old: Lock | None) -> Inspected:
    """Bring the WAR into the store, by Maven where the formula has none, and read what it is.

    Raises:
        NotAController: the file is no controller.
        DigestMismatch: the same coordinates held other bytes when they were locked.
    """
    wished = formula.parts.core
    if isinstance(wished, Recipe):
        pin = old.core if old else None
        with builds.built(world, formula, wished, pin) as file:
            return war(world, file, wished.origin, None, trust=Trust.FIRST_USE)
    if wished:
        return _core_beside(world, formula, Beside(wished))
    (file,) = world.artifacts.fetch((formula.war,), formula.maven)
    with _forgotten_unless_good(world, formula.war):
        return war(world, file, formula.war, old, trust=Trust.FIRST_USE)


def _core_beside(world: World, formula: Formula, origin: Beside) -> Inspected:
    """Read the WAR beside the formula; it has to have the version that the formula names."""
    content = next(each.content for each in formula.inputs if each.path == origin.path)
    file = world.store.add([content])
    found = war(world, file, origin, None, trust=Trust.FIRST_USE)
    if formula.war.version and found.pin.version != formula.war.version:
        said = f"it says it is version {found.pin.version}, not {formula.war.version}"
        raise NotAController(origin=str(origin.path), fault=said)
    return found


def war(
    world: World, file: StoredFile, origin: Origin, old: Lock | None, *, trust: Trust
) -> Inspected:
    """Read what a WAR is.

    Raises:
        NotAController: the file is no controller.
        DigestMismatch: the same place held other bytes when it was locked.
    """
    try:
        content = world.archives.read(file.path, manifest.NAME, limit=manifest.LIMIT)
        listed = world.archives.read(file.path, bundled.NAME, limit=bundled.LIMIT)
    except ArchiveBroken as fault:
        raise NotAController(origin=str(origin), fault=fault.fault) from fault
    pin = manifest.core(content, origin, file, trust=trust)
    if old and old.core.origin == pin.origin and old.core.digest != pin.digest:
        raise DigestMismatch(name=str(origin), wanted=old.core.digest, got=pin.digest)
    return Inspected(pin=pin, file=file, catalogue=bundled.catalogue(listed))


def artifacts(
    world: World, formula: Formula, wanted: tuple[tuple[PluginId, Coordinates], ...]
) -> tuple[Release, ...]:
    """Bring plugins into the store by Maven and read them.

    Raises:
        ArtifactsMissing: Maven has no such file.
        NotAPlugin: a file is not the plugin it was asked for as.
    """
    files = world.artifacts.fetch(tuple(each for _, each in wanted), formula.maven)
    found = []
    for (plugin, origin), file in zip(wanted, files, strict=True):
        with _forgotten_unless_good(world, origin):
            found.append(plugin_of(world, file, plugin, origin, version=origin.version))
    return tuple(found)


def plugin_of(
    world: World, file: StoredFile, plugin: PluginId, origin: Origin, *, version: Version | None
) -> Release:
    """Read one plugin's own manifest.

    Args:
        world: whose archives are read.
        file: in the store.
        plugin: what it has to be.
        origin: where it came from.
        version: it has to have; None takes what it says.

    Raises:
        NotAPlugin: it is none, another one, or of another version.
    """
    try:
        content = world.archives.read(file.path, manifest.NAME, limit=manifest.LIMIT)
    except ArchiveBroken as fault:
        raise NotAPlugin(plugin=plugin, origin=str(origin), fault=fault.fault) from fault
    found = manifest.release(content, plugin, origin, file)
    if version is not None and found.version != version:
        said = f"it says it is version {found.version}"
        raise NotAPlugin(plugin=plugin, origin=str(origin), fault=said)
    return found


@contextmanager
def _forgotten_unless_good(world: World, origin: Coordinates) -> Iterator[None]:
    """Ask for a file again next time where it turns out not to be what it should be."""
    try:
        yield
    except (ResolutionError, DigestMismatch):
        world.artifacts.forget(origin)
        raise
