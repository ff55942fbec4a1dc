"""The files of a lock, all in the store, each the one that was locked."""

from pathlib import Path, PurePosixPath

from builder.errors import ArtifactsMissing, BaseUnavailable, DigestMismatch
from builder.model.build import Files, War, WarPlan
from builder.model.digest import Digest
from builder.model.formula import Formula, Repository
from builder.model.lock import AnyBasePin, AnyPin, BasePin, CorePin, ImagePin, Lock, Pin
from builder.model.mirror import Wanted
from builder.model.plugin import Addressed, Beside, Built, Coordinates
from builder.model.stored import StoredFile
from builder.ports import Artifacts, Store, World
from builder.sources import bases, builds, mirrors, own


def missing(store: Store, locked: Lock) -> tuple[AnyPin, ...]:
    """Name the pins whose files the store does not hold, core first."""
    return tuple(each for each in _pins(locked) if store.find(each.digest) is None)


def _pins(locked: Lock) -> tuple[AnyPin, ...]:
    return (locked.core, *locked.plugins, *locked.libraries, *locked.bases)


def _absent(store: Store, pins: tuple[AnyPin, ...]) -> tuple[AnyPin, ...]:
    """Name the pins whose files have to be brought; those that are there are read through."""
    found = store.check_each(tuple(each.digest for each in pins))
    return tuple(pin for pin, file in zip(pins, found, strict=True) if file is None)


def fetch(world: World, formula: Formula, locked: Lock) -> Files:
    """Bring every file of a lock into the store.

    Raises:
        ArtifactsMissing: Maven has no such file.
        DigestMismatch: it has, but not the one that was locked.
        BaseUnavailable: the base's packages cannot be had any more.
    """
    absent = _absent(world.store, _pins(locked))
    _artifacts(world.artifacts, absent, formula.maven)
    _site_files(world, formula, absent)
    _own_files(world, formula, absent)
    for each in absent:
        if isinstance(each, BasePin | ImagePin):
            _base(world, formula, each)
    return Files(
        core=_held(world.store, locked.core),
        plugins=tuple(_held(world.store, each) for each in locked.plugins),
        bases=tuple(_held(world.store, each) for each in locked.bases),
        libraries=tuple(_held(world.store, each) for each in locked.libraries),
    )


def plugins(world: World, formula: Formula, pins: tuple[Pin, ...]) -> tuple[StoredFile, ...]:
    """Bring plugins of update sites and URLs into the store, in the order of ``pins``.

    Raises:
        FilesUnreachable: no mirror has them; what did arrive is kept.
    """
    _site_files(world, formula, _absent(world.store, pins))
    return tuple(_held(world.store, each) for each in pins)


def archives(
    world: World, formula: Formula, pins: tuple[CorePin | Pin, ...]
) -> tuple[StoredFile, ...]:
    """Bring the core or plugins, wherever they come from, into the store, in the order of ``pins``.

    Raises:
        SourceError: one of them cannot be had.
        DigestMismatch: it can, but not the one that was locked.
    """
    absent = _absent(world.store, pins)
    _artifacts(world.artifacts, absent, formula.maven)
    _site_files(world, formula, absent)
    _own_files(world, formula, absent)
    return tuple(_held(world.store, each) for each in pins)


def _artifacts(
    artifacts: Artifacts,
    absent: tuple[AnyPin, ...],
    repositories: tuple[Repository, ...],
) -> None:
    pins = [
        (each, each.origin)
        for each in absent
        if not isinstance(each, BasePin | ImagePin) and isinstance(each.origin, Coordinates)
    ]
    files = artifacts.fetch(tuple(origin for _, origin in pins), repositories)
    for (each, origin), file in zip(pins, files, strict=True):
        if file.digest != each.digest:
            artifacts.forget(origin)
            raise DigestMismatch(name=str(origin), wanted=each.digest, got=file.digest)


def _site_files(world: World, formula: Formula, absent: tuple[AnyPin, ...]) -> None:
    """Fetch what lies on update sites, and at the formula's own URLs, all at once."""
    urls = {each.plugin: each.url for each in formula.plugins if each.url}
    wanted = tuple(
        Wanted(
            path=each.origin if isinstance(each.origin, PurePosixPath) else None,
            url=urls.get(each.plugin) if isinstance(each, Pin) and _is_addressed(each) else None,
            digest=each.digest,
            size=each.size,
            label=_label(each),
        )
        for each in absent
        if isinstance(each, CorePin | Pin) and isinstance(each.origin, PurePosixPath | Addressed)
    )
    if wanted:
        world.downloads.fetch(wanted, mirrors.chosen(formula.catalogue))


def _is_addressed(pin: Pin) -> bool:
    return isinstance(pin.origin, Addressed)


def _label(pin: CorePin | Pin) -> str:
    name = pin.plugin if isinstance(pin, Pin) else f"{pin.family.value}.war"
    return f"{name} {pin.version}"


def _own_files(world: World, formula: Formula, absent: tuple[AnyPin, ...]) -> None:
    for each in absent:
        if isinstance(each, BasePin | ImagePin):
            continue
        if isinstance(each.origin, Built):
            builds.again(world, formula, each)
        if isinstance(each.origin, Beside):
            file = own.beside(world, formula, each.origin)
            if file.digest != each.digest:
                raise DigestMismatch(
                    name=str(each.origin.path), wanted=each.digest, got=file.digest
                )


def _base(world: World, formula: Formula, locked: AnyBasePin) -> None:
    """Make the base again; an archive that has moved on gives other bytes."""
    made = bases.make_again(world, formula, locked)
    if made.digest != locked.digest:
        if isinstance(locked, ImagePin):
            raise DigestMismatch(name=locked.wished, wanted=locked.digest, got=made.digest)
        now = {each.name: each.version for each in made.packages}
        moved = tuple(
            f"{each.name} {each.version}"
            for each in locked.packages
            if now.get(each.name) != each.version
        )
        said = "the archive no longer gives the packages that were locked"
        raise BaseUnavailable(suite=locked.suite, packages=moved or locked.wished, said=(said,))


def _held(store: Store, pin: AnyPin) -> StoredFile:
    file = store.find(pin.digest)
    if file is None:
        raise ArtifactsMissing(missing=(), said=(f"{pin.digest} has left the store",))
    return file


def assemble(world: World, plan: WarPlan, fingerprint: Digest, target: Path | None) -> War:
    """Write a WAR to ``target``, or into the store, unless that has the WAR of this very plan."""
    if target:
        return world.archives.write(plan, target)
    name = f"war {fingerprint}"
    known = world.store.recall(name)
    stored = world.store.check(known) if known else None
    if stored is None:
        with world.store.scratch() as folder:
            stored = world.store.adopt(world.archives.write(plan, folder / "controller.war").path)
        world.store.remember(name, stored.digest)
    return War(path=stored.path, digest=stored.digest, size=stored.size)
