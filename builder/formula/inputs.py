"""The files beside a formula that belong to it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath, PurePosixPath
from typing import TypeVar

from msgspec.structs import replace

from builder.errors import FormulaInvalid
from builder.formula.plugin_list import read_list
from builder.formula.spelling import by_place
from builder.model.digest import Digest
from builder.model.formula import Formula, InputFile, Layout, Named, Place, Problem
from builder.model.plugin import Beside
from builder.model.recipe import Recipe

Other = TypeVar("Other")

STOCK_PATHS = tuple(map(PurePosixPath, ("Dockerfile.template", "init.groovy.d", "casc")))
_WANTED = "a file beside the formula"
_WANTED_FILES = "a file, or a folder with files, beside the formula"


def input_paths(formula: Formula) -> tuple[PurePosixPath, ...]:
    """List the files and folders that the formula can have, relative to its own folder.

    Returns:
        The three that every formula may have, then those it names, each once.
    """
    read = (formula.plugins_file, formula.bom, formula.trial.overlay)
    lists = (each.path for each in read if each)
    elsewhere = tuple(each.root for each in formula.parts.taken)
    wanted = dict.fromkeys([*_kept(formula), *lists])
    return tuple(each for each in wanted if not any(map(each.is_relative_to, elsewhere)))


def with_inputs(formula: Formula, inputs: Iterable[InputFile]) -> Formula:
    """Give the formula the files that were found.

    What a plugin list or a bill of materials says joins the formula; the file itself, unless it is
    named for something else as well, is no input of the image: what it says is what counts.

    Raises:
        FormulaInvalid: a file or folder that the formula names is not among them, or is a list
            that cannot be read.
    """
    found = tuple(sorted(inputs, key=lambda each: each.path))
    problems = by_place(_missing(formula, {each.path for each in found}))
    if problems:
        raise FormulaInvalid(problems=problems)
    kept = tuple(each for each in found if any(map(each.path.is_relative_to, _kept(formula))))
    content_by_path = {each.path: each.content for each in found}
    if formula.bom:
        from builder.formula.bom import told as joined  # noqa: PLC0415  pydantic is slow to import

        text, file = _text(formula, formula.bom.path, content_by_path)
        formula = joined(formula, formula.bom, text, file=file)
    if formula.plugins_file:
        formula = _listed(formula, *_text(formula, formula.plugins_file.path, content_by_path))
    if overlay := formula.trial.overlay:
        told = replace(overlay, content=content_by_path[overlay.path])
        formula = replace(formula, trial=replace(formula.trial, overlay=told))
    return replace(formula, inputs=kept)


def with_trees(formula: Formula, trees: Mapping[str, Digest]) -> Formula:
    """Give the formula the digests of the folders that it builds from, by address."""

    def seen(origin: Recipe | Other) -> Recipe | Other:
        if isinstance(origin, Recipe) and origin.commit is None:
            return replace(origin, tree=trees[origin.address])
        return origin

    parts = formula.parts
    patches = tuple(replace(each, origin=seen(each.origin)) for each in parts.patches)
    return replace(
        formula,
        plugins=tuple(replace(each, origin=seen(each.origin)) for each in formula.plugins),
        parts=replace(parts, core=seen(parts.core), patches=patches),
    )


def _kept(formula: Formula) -> tuple[PurePosixPath, ...]:
    """List what becomes an input: configuration, files of the image, and plugins."""
    beside = (each.origin.path for each in formula.plugins if isinstance(each.origin, Beside))
    image = formula.image
    copied = (each.source for each in image.files)
    certificates = (each.path for each in image.certificates)
    return (*STOCK_PATHS, *copied, *beside, *certificates, *formula.parts.paths)


def _missing(formula: Formula, found: set[PurePosixPath]) -> Iterator[Problem]:
    there = found.union(*(path.parents for path in found))
    for index, each in enumerate(formula.image.files):
        if each.source not in there:
            yield Problem(
                place=Place(formula.file, 1, 1),  # the formula no longer knows the line
                path=f"image.files[{index}].from",
                found=str(each.source),
                wanted=_WANTED_FILES,
            )
    for entry in formula.named:
        places, wanted = (there, _WANTED_FILES) if _is_open(entry) else (found, _WANTED)
        if entry.path not in places and "source" in entry.key:
            yield Problem(place=entry.place, path=entry.key, found=str(entry.path), wanted=wanted)
    yield from _overlay_in_the_image(formula)
    for place, path, file in _named(formula):
        if file not in found:
            yield Problem(place=place, path=path, found=str(file), wanted=_WANTED)


def _overlay_in_the_image(formula: Formula) -> Iterator[Problem]:
    """Refuse an overlay that would be part of the image, or could not replace what is."""
    overlay = formula.trial.overlay
    if overlay and any(map(overlay.path.is_relative_to, _kept(formula))):
        wanted = "a file that is no part of the image"
        found = str(overlay.path)
        yield Problem(place=overlay.place, path="verify.overlay", found=found, wanted=wanted)
    if overlay and formula.image.layout is Layout.WAR:
        wanted = "image.layout: ref; CasC files inside the WAR are always read"
        found = "image.layout: war"
        yield Problem(place=overlay.place, path="verify.overlay", found=found, wanted=wanted)


def _is_open(named: Named) -> bool:
    """Say whether a folder will do as well as a file."""
    return named.key.endswith((".dir", ".git"))


def _named(formula: Formula) -> Iterator[tuple[Place, str, PurePosixPath]]:
    """Give each single file that the formula names, with its place and the key."""
    if formula.plugins_file:
        yield formula.plugins_file.place, "pluginsFile", formula.plugins_file.path
    if formula.bom:
        yield formula.bom.place, "buildSettings.bom", formula.bom.path
    if formula.trial.overlay:
        yield formula.trial.overlay.place, "verify.overlay", formula.trial.overlay.path
    for index, trusted in enumerate(formula.image.certificates):
        yield trusted.place, f"image.certificates[{index}]", trusted.path
    for index, each in enumerate(formula.plugins):
        if isinstance(each.origin, Beside):
            yield each.place, f"plugins[{index}].source.file", each.origin.path


def _text(
    formula: Formula, path: PurePosixPath, content_by_path: dict[PurePosixPath, bytes]
) -> tuple[str, str]:
    """Give the text of a list, and its name as seen from where the formula was named."""
    content, file = content_by_path[path], str(PurePath(formula.file).parent / path)
    try:
        return content.decode(), file
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        column = fault.start - content.rfind(b"\n", 0, fault.start)
        place = Place(file, line, column)
        problem = Problem(place=place, path="", found=fault.reason, wanted="UTF-8 text")
        raise FormulaInvalid(problems=(problem,)) from fault


def _listed(formula: Formula, text: str, file: str) -> Formula:
    """Let the wishes of a plugin list join those of the formula; none may stand in both."""
    listed = read_list(text, file=file)
    own = {each.plugin: each.place for each in formula.plugins}
    problems = by_place(
        Problem(
            place=each.place,
            path="",
            found=f"{each.plugin}, which the formula names, too",
            wanted=f"it in one of the two; the formula has it at {own[each.plugin]}",
        )
        for each in listed.wishes
        if each.plugin in own
    )
    if problems:
        raise FormulaInvalid(problems=problems)
    return replace(
        formula,
        plugins=formula.plugins + listed.wishes,
        plugins_file=None,
        notes=by_place([*formula.notes, *listed.notes]),
    )
