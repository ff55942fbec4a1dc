"""What a formula has built from its sources: the locked file where it is kept, else a new one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder import formula as formulas
from builder.errors import BuiltOtherwise, ResolutionError
from builder.model.formula import Formula
from builder.model.lock import CorePin, LibraryPin, Pin
from builder.model.recipe import Recipe
from builder.model.stored import StoredFile
from builder.ports import World


def looked_into(world: World, formula: Formula) -> Formula:
    """Take down which files the folders hold that the formula builds from.

    Raises:
        Unreadable: there is no such folder, or a file in it cannot be read.
    """
    folder = Path(formula.file).parent
    folders = {each.address for each in formula.recipes if each.commit is None}
    trees = {each: world.builds.look(folder / each) for each in sorted(folders)}
    return formulas.with_trees(formula, trees)


@contextmanager
def built(
    world: World, formula: Formula, recipe: Recipe, pin: CorePin | Pin | LibraryPin | None
) -> Iterator[StoredFile]:
    """Give the file that is locked where the store has it, else build it.

    It is built again next time where whoever reads it finds that it is not what it should be.
    """
    kept = world.store.check(pin.digest) if pin and pin.origin == recipe.origin else None
    file = kept or world.builds.make(recipe, Path(formula.file).parent)
    try:
        yield file
    except ResolutionError:
        world.builds.forget(recipe)
        raise


def again(world: World, formula: Formula, pin: CorePin | Pin | LibraryPin) -> None:
    """Build what is locked and not in the store.

    Raises:
        BuiltOtherwise: it has other bytes by now.
    """
    recipe = next(each for each in formula.recipes if each.origin == pin.origin)
    file = world.builds.make(recipe, Path(formula.file).parent)
    if file.digest != pin.digest:
        world.builds.forget(recipe)
        path = Path(formula.file)
        raise BuiltOtherwise(
            path=path.with_name(f"{path.stem}.lock.json"),
            name=_name(pin),
            sources=recipe.sources,
            wanted=pin.digest,
            got=file.digest,
        )


def _name(pin: CorePin | Pin | LibraryPin) -> str:
    if isinstance(pin, CorePin):
        return f"{pin.family.value}.war"
    return pin.plugin if isinstance(pin, Pin) else pin.artifact
