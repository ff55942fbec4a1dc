"""From a chosen set to the files of a folder: what has to be placed, and what has to be fetched."""

from builder import lock
from builder.model.folder import Fate, Ground, Lying, Placed
from builder.model.formula import Formula
from builder.model.lock import ChangeKind, Choice, Resolution
from builder.model.plugin import DependencyKind, PluginId, Release
from builder.ports import World
from builder.sources import download, ladder, mirrors


def fates(found: Resolution, ground: Ground) -> tuple[Fate, ...]:
    """Say of every plugin of a set what becomes of its file, by plugin id."""
    installed = {each.release.plugin: each for each in ground.installed}
    inside = ground.carried.plugins if ground.carried else ()
    carried = {each.release.plugin: each for each in inside}
    return tuple(_fate(each, installed, carried) for each in found.choices)


def _fate(choice: Choice, installed: dict[PluginId, Lying], carried: dict[PluginId, Lying]) -> Fate:
    release = choice.release
    inside, lying = carried.get(release.plugin), installed.get(release.plugin)
    if inside and inside.release.version == release.version:
        return Fate(choice=choice, before=lying, change=None, in_war=True)
    return Fate(choice=choice, before=lying, change=_change(lying, release))


def _change(lying: Lying | None, release: Release) -> ChangeKind | None:
    if lying is None:
        return ChangeKind.ADDED
    before = lying.release
    if before.version == release.version and release.digest in {None, before.digest}:
        return None
    return ChangeKind.between(before.version, release.version)


def fetch(world: World, formula: Formula, settled: tuple[Fate, ...]) -> tuple[Placed, ...]:
    """Bring every file into the store that is to be placed.

    Raises:
        FilesUnreachable: no mirror has them; what did arrive is kept.
    """
    moving = tuple(each for each in settled if each.change)
    roots = mirrors.chosen(formula.catalogue)
    pins = tuple(lock.pin(ladder.seen(world, each.choice, roots)) for each in moving)
    files = download.plugins(world, formula, pins)
    return tuple(
        Placed(plugin=e.plugin, file=file, replaces=e.before.name if e.before else None)
        for e, file in zip(moving, files, strict=True)
    )


def left_out(world: World, settled: tuple[Fate, ...]) -> frozenset[PluginId]:
    """Name what did not arrive, and what cannot load without it."""
    lying = {each.plugin for each in settled if each.before}
    gone = {each.plugin for each in settled if each.change and not _is_stored(world, each)}
    while more := {
        each.plugin
        for each in settled
        if each.change and each.plugin not in gone and _needs(each.choice.release, gone, lying)
    }:
        gone |= more
    return frozenset(gone)


def _is_stored(world: World, fate: Fate) -> bool:
    digest = fate.choice.release.digest
    return digest is not None and world.store.find(digest) is not None


def _needs(release: Release, gone: set[PluginId], lying: set[PluginId]) -> bool:
    """Say whether a release cannot do without a plugin, or with what lies there of it."""
    return any(
        each.plugin in gone and (each.kind is DependencyKind.REQUIRED or each.plugin in lying)
        for each in release.dependencies
    )
