"""The base of an image: the one that is locked where it still fits, else a new one."""

from builder import lock
from builder.errors import FormulaInvalid
from builder.model.formula import DebianBase, Formula
from builder.model.lock import BasePin, Lock
from builder.ports import Store, World


def settle(world: World, formula: Formula, old: Lock | None) -> BasePin:
    """Keep the locked base as long as its wish is the same and its tar is at hand.

    Without the tar it is made again, and may then hold newer packages.
    """
    wished = debian(formula)
    with world.stages.stage("base") as stage:
        for each in old.bases if old else ():
            if lock.base_fits(wished, each) and world.store.find(each.digest):
                stage.note(f"{each.suite}, as locked")
                return each
        made = world.bases.make(wished)
        stage.note(f"{made.suite}, {len(made.packages)} packages, {made.size / 1e6:.0f} MB")
        return made


def debian(formula: Formula) -> DebianBase:
    """Give the base, which is the only kind that can be built on yet.

    Raises:
        FormulaInvalid: it is of another kind, or missing.
    """
    if isinstance(formula.image.base, DebianBase):
        return formula.image.base
    raise FormulaInvalid(problems=formula.unbuilt)


def is_there(store: Store, locked: Lock) -> bool:
    """Say whether every base of a lock is in the store."""
    return all(store.find(each.digest) for each in locked.bases)
