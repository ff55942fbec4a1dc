"""The bases of an image: those that are locked where they still fit, else new ones."""

from pathlib import Path

from builder import lock
from builder.errors import FormulaInvalid
from builder.model.base_wishes import DebianBase
from builder.model.formula import Formula
from builder.model.lock import AnyBasePin, BasePin, Lock
from builder.ports import Store, World


def settle(world: World, formula: Formula, old: Lock | None) -> tuple[AnyBasePin, ...]:
    """Keep each locked base as long as its wish is the same and its tar is at hand.

    Without the tar a base of packages is made again, and may then hold newer ones; an image is
    the one that was locked, whatever its tag means by now.

    Returns:
        One for each platform, by platform.
    """
    with world.stages.stage("base") as stage:
        platforms = formula.image.platforms or (None,)
        settled = tuple(_settled(world, formula, old, each) for each in platforms)
        stage.note("; ".join(_told(each, kept=kept) for each, kept in settled))
    return tuple(each for each, _ in settled)


def make_again(world: World, formula: Formula, locked: AnyBasePin) -> AnyBasePin:
    """Bring a locked base back; an archive of packages that has moved on gives other bytes."""
    wished = formula.image.base
    if isinstance(wished, DebianBase):
        return world.bases.make(wished, locked.platform)
    if wished is None or isinstance(locked, BasePin):
        raise FormulaInvalid(problems=formula.unbuilt)
    return world.base_images.bring(
        wished,
        Path(formula.file).parent,
        platform=locked.platform,
        manifest=locked.manifest,
    )


def is_there(store: Store, locked: Lock) -> bool:
    """Say whether every base of a lock is in the store."""
    return all(store.find(each.digest) for each in locked.bases)


def _settled(
    world: World, formula: Formula, old: Lock | None, platform: str | None
) -> tuple[AnyBasePin, bool]:
    """Give a base, and whether it is the locked one."""
    wished = formula.image.base
    for each in old.bases if old else ():
        if lock.base_fits(wished, each) and platform in {None, each.platform}:
            if world.store.find(each.digest):
                return each, True
            if not isinstance(each, BasePin):
                return make_again(world, formula, each), True
    if wished is None:
        raise FormulaInvalid(problems=formula.unbuilt)
    if isinstance(wished, DebianBase):
        return world.bases.make(wished, platform), False
    folder = Path(formula.file).parent
    return world.base_images.bring(wished, folder, platform=platform), False


def _told(base: AnyBasePin, *, kept: bool) -> str:
    """Say what a base is, for people."""
    if isinstance(base, BasePin):
        name, size = base.suite, f"{len(base.packages)} packages, {base.size / 1e6:.0f} MB"
    else:
        name, size = base.wished.partition(" ")[2], f"{base.manifest}"[:19]
    return f"{name}, as locked" if kept else f"{name}, {size}"
