"""Reads facts out of files: the controller's WAR, and plugins until the resolution stands.

May fill the store, and changes nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from builder import lock, resolve
from builder.errors import (
    ArchiveBroken,
    ArtifactsMissing,
    DigestMismatch,
    NotAController,
    NotAPlugin,
    ResolutionError,
)
from builder.model.build import StoredFile
from builder.model.catalogue import Listings
from builder.model.formula import Formula
from builder.model.lock import CorePin, Lock, Pin, Resolution
from builder.model.plugin import Coordinates, PluginId, Release
from builder.ports import World
from builder.resolve import Question, Universe, Unread
from builder.sources import bundled, manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The controller's WAR, read."""

    pin: CorePin
    file: StoredFile
    catalogue: Listings


def core(world: World, formula: Formula, old: Lock | None) -> Inspected:
    """Bring the WAR into the store and read what it is.

    Raises:
        NotAController: the file is no controller.
        DigestMismatch: the same coordinates held other bytes when they were locked.
    """
    (file,) = world.artifacts.fetch((formula.war,), formula.repositories)
    with _forgotten_unless_good(world, formula.war):
        try:
            content = world.archives.read(file.path, manifest.NAME, limit=manifest.LIMIT)
            listed = world.archives.read(file.path, bundled.NAME, limit=bundled.LIMIT)
        except ArchiveBroken as fault:
            raise NotAController(origin=str(formula.war), fault=fault.fault) from fault
        pin = manifest.core(content, formula.war, file)
        if old and old.core.origin == pin.origin and old.core.digest != pin.digest:
            raise DigestMismatch(name=str(formula.war), wanted=old.core.digest, got=pin.digest)
    return Inspected(pin=pin, file=file, catalogue=bundled.catalogue(listed))


@contextmanager
def _forgotten_unless_good(world: World, origin: Coordinates) -> Iterator[None]:
    """Ask for a file again next time where it turns out not to be what it should be."""
    try:
        yield
    except (ResolutionError, DigestMismatch):
        world.artifacts.forget(origin)
        raise


def plugins(world: World, formula: Formula, inspected: Inspected, old: Lock | None) -> Resolution:
    """Settle the plugin set; whatever release it hangs on is fetched and read.

    What an older lock pins stays unless a wish or a bound forces it, and is not read again.

    Raises:
        ResolutionError: no set fits.
        ArtifactsMissing: a file that is needed to decide cannot be had.
    """
    pinned = tuple(each for each in old.plugins if _still_there(each, formula)) if old else ()
    releases = tuple(lock.release(each) for each in pinned)
    while True:
        universe = Universe(
            core=inspected.pin.version, catalogue=inspected.catalogue, read=releases
        )
        question = Question(
            universe=universe,
            wishes=formula.plugins,
            kept=tuple((each.plugin, each.version) for each in pinned),
            policy=formula.policy,
        )
        answer = resolve.settle(question)
        if not isinstance(answer, Unread):
            return answer
        releases += _read(world, formula, answer, releases)


def _still_there(pin: Pin, formula: Formula) -> bool:
    """Say whether a pin's file is the one that the formula means: a wish may name another group."""
    groups = {each.group for each in formula.plugins if each.plugin == pin.plugin and each.group}
    return not groups or (isinstance(pin.origin, Coordinates) and pin.origin.group in groups)


def _read(
    world: World, formula: Formula, unread: Unread, known: tuple[Release, ...]
) -> tuple[Release, ...]:
    where = tuple(each for _, _, each in unread.releases if isinstance(each, Coordinates))
    try:
        files = world.artifacts.fetch(where, formula.repositories)
    except ArtifactsMissing as fault:
        raise _explained(fault, formula, known) from fault
    return tuple(
        _release(world, plugin, origin, file)
        for (plugin, _, origin), file in zip(unread.releases, files, strict=True)
        if isinstance(origin, Coordinates)
    )


def _explained(
    fault: ArtifactsMissing, formula: Formula, known: tuple[Release, ...]
) -> ArtifactsMissing:
    """Add where the formula asks for what is missing, and which plugins depend on it."""
    names = {each.artifact for each in fault.missing}
    return replace(
        fault,
        places=tuple(each.place for each in formula.plugins if each.plugin in names),
        needed_by=tuple(
            each.plugin for each in known if any(edge.plugin in names for edge in each.dependencies)
        ),
    )


def _release(world: World, plugin: PluginId, origin: Coordinates, file: StoredFile) -> Release:
    with _forgotten_unless_good(world, origin):
        try:
            content = world.archives.read(file.path, manifest.NAME, limit=manifest.LIMIT)
        except ArchiveBroken as fault:
            raise NotAPlugin(plugin=plugin, origin=str(origin), fault=fault.fault) from fault
        found = manifest.release(content, plugin, origin, file)
        if found.version != origin.version:
            said = f"it says it is version {found.version}"
            raise NotAPlugin(plugin=plugin, origin=str(origin), fault=said)
    return found
