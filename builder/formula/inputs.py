"""The files beside a formula that belong to it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from builder.errors import FormulaInvalid
from builder.model.formula import Formula, InputFile, Place, Problem

STOCK_PATHS = tuple(map(PurePosixPath, ("Dockerfile.template", "init.groovy.d", "casc")))


def input_paths(formula: Formula) -> tuple[PurePosixPath, ...]:
    """List the files and folders that the formula can have, relative to its own folder.

    Returns:
        The three that every formula may have, then those it names, each once.
    """
    return tuple(dict.fromkeys([*STOCK_PATHS, *(each.source for each in formula.image.files)]))


def with_inputs(formula: Formula, inputs: Iterable[InputFile]) -> Formula:
    """Give the formula the files that were found.

    Raises:
        FormulaInvalid: a file or folder that the formula names is not among them.
    """
    found = tuple(sorted(inputs, key=lambda each: each.path))
    problems = tuple(_missing(formula, {each.path for each in found}))
    if problems:
        raise FormulaInvalid(problems=problems)
    return replace(formula, inputs=found)


def _missing(formula: Formula, found: set[PurePosixPath]) -> Iterator[Problem]:
    there = found.union(*(path.parents for path in found))
    for index, each in enumerate(formula.image.files):
        if each.source not in there:
            yield Problem(
                place=Place(formula.file, 1, 1),  # the formula no longer knows the line
                path=f"image.files[{index}].from",
                found=str(each.source),
                wanted="a file, or a folder with files, beside the formula",
            )
