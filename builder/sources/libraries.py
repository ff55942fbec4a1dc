"""The jars that a formula puts into the controller: pinned, and held against an older lock."""

from builder.errors import DigestMismatch
from builder.model.formula import Formula
from builder.model.lock import LibraryPin, Lock
from builder.model.plugin import Beside, Coordinates, Trust
from builder.model.stored import StoredFile
from builder.ports import World
from builder.sources import own


def settle(world: World, formula: Formula, old: Lock | None) -> tuple[LibraryPin, ...]:
    """Bring the jars into the store and pin them, by artifact id.

    Raises:
        ArtifactsMissing: Maven has no such file.
        DigestMismatch: the same coordinates held other bytes when they were locked.
    """
    wished = {each.artifact: each.origin for each in formula.parts.patches if each.origin}
    by_maven = tuple(each for each in wished.values() if isinstance(each, Coordinates))
    fetched = world.artifacts.fetch(by_maven, formula.maven) if by_maven else ()
    files = dict(zip(by_maven, fetched, strict=True))
    return tuple(
        _pin(world, old, artifact, origin, _file(world, formula, origin, files))
        for artifact, origin in sorted(wished.items())
    )


def _file(
    world: World,
    formula: Formula,
    origin: Coordinates | Beside,
    files: dict[Coordinates, StoredFile],
) -> StoredFile:
    return own.beside(world, formula, origin) if isinstance(origin, Beside) else files[origin]


def _pin(
    world: World, old: Lock | None, artifact: str, origin: Coordinates | Beside, file: StoredFile
) -> LibraryPin:
    before = old.library(artifact) if old else None
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
