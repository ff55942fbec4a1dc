"""The jars that a formula puts into the controller: pinned, and held against an older lock."""

from builder.errors import DigestMismatch
from builder.model.formula import Formula
from builder.model.lock import LibraryPin, Lock
from builder.model.plugin import Beside, Coordinates, Origin, Trust
from builder.model.recipe import Recipe, as_locked
from builder.model.stored import StoredFile
from builder.ports import World
from builder.sources import builds, own


def settle(world: World, formula: Formula, old: Lock | None) -> tuple[LibraryPin, ...]:
    """Bring the jars into the store and pin them, by artifact id.

    Raises:
        ArtifactsMissing: Maven has no such file.
        CommandFailed: what builds one has not left it.
        DigestMismatch: the same coordinates held other bytes when they were locked.
    """
    wished = {each.artifact: each.origin for each in formula.parts.patches if each.origin}
    by_maven = tuple(each for each in wished.values() if isinstance(each, Coordinates))
    fetched = world.artifacts.fetch(by_maven, formula.maven) if by_maven else ()
    files = dict(zip(by_maven, fetched, strict=True))
    pins = []
    for artifact, origin in sorted(wished.items(), key=lambda each: each[0]):
        before = old.library(artifact) if old else None
        file = (
            files[origin]
            if isinstance(origin, Coordinates)
            else _own(world, formula, origin, before)
        )
        pins.append(_pin(world, before, artifact, as_locked(origin), file))
    return tuple(pins)


def _own(
    world: World, formula: Formula, origin: Beside | Recipe, before: LibraryPin | None
) -> StoredFile:
    if isinstance(origin, Beside):
        return own.beside(world, formula, origin)
    with builds.built(world, formula, origin, before) as file:
        return file


def _pin(
    world: World, before: LibraryPin | None, artifact: str, origin: Origin, file: StoredFile
) -> LibraryPin:
    is_other = before and before.origin == origin and before.digest != file.digest
    if before and is_other and isinstance(origin, Coordinates):
        world.artifacts.forget(origin)
        raise DigestMismatch(name=str(origin), wanted=before.digest, got=file.digest)
    return LibraryPin(
        artifact=artifact,
        origin=origin,
        digest=file.digest,
        size=file.size,
        trust=Trust.FIRST_USE,
    )
