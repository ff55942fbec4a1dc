"""The formulas of a chain of ``extends``, and the files that lie beside each of them."""

import os.path
from pathlib import Path, PurePosixPath

from msgspec import Struct

from builder import formula as formulas
from builder.errors import FormulaInvalid, FormulaMissing
from builder.formula import Layer
from builder.model.formula import InputFile, Problem
from builder.ports import World

_CASC = PurePosixPath("casc")
_YAML = {".yml", ".yaml", ".YML", ".YAML"}


class Chain(Struct, frozen=True, kw_only=True):
    """One formula, and those that it extends, the nearest first."""

    top: Layer
    below: tuple[Layer, ...]

    @property
    def folders(self) -> tuple[Path, ...]:
        """Give the folder of each, the lowest first."""
        return tuple(Path(each.file).parent for each in reversed((self.top, *self.below)))


def read(world: World, path: Path) -> Chain:
    """Read a formula, and what it extends.

    Raises:
        FormulaMissing: there is no such file.
        FormulaInvalid: what it extends is not there, or extends it in turn.
    """
    if (text := world.workspace.read_text(path)) is None:
        raise FormulaMissing(path=path)
    found = [Layer(text=text, file=str(path))]
    while named := formulas.extended(found[-1]):
        under = os.path.normpath(path.parent / named.value)
        chain = {os.path.normpath(each.file) for each in found}
        text = None if under in chain else world.workspace.read_text(Path(under))
        if text is None:
            wanted = "another formula, by its path from this one"
            problem = Problem(place=named.place, path="extends", found=named.value, wanted=wanted)
            raise FormulaInvalid(problems=(problem,))
        path = Path(under)
        found.append(Layer(text=text, file=under))
    return Chain(top=found[0], below=tuple(found[1:]))


def inputs(world: World, chain: Chain, wanted: tuple[PurePosixPath, ...]) -> tuple[InputFile, ...]:
    """Read what lies beside the formulas; the file of a higher one stands for those below.

    Only configuration as code is joined with the file of the same name below.

    Raises:
        OutsideFolder: a link leads out of one of the folders.
        FormulaInvalid: configuration that would be joined cannot be read.
    """
    found: dict[PurePosixPath, tuple[Path, InputFile]] = {}
    for folder in chain.folders:
        for each in world.workspace.read_inputs(folder, wanted):
            under = found.get(each.path)
            file = _joined(*under, folder, each) if under and _is_casc(each.path) else each
            found[each.path] = folder, file
    return tuple(file for _, file in found.values())


def _joined(below: Path, under: InputFile, folder: Path, over: InputFile) -> InputFile:
    from builder.formula.casc_layers import joined  # noqa: PLC0415  # hardly any formula extends

    files = str(below / under.path), str(folder / over.path)
    return InputFile(path=over.path, content=joined(under.content, over.content, files=files))


def _is_casc(path: PurePosixPath) -> bool:
    return path.is_relative_to(_CASC) and path.suffix in _YAML
