"""The room that reads formulas and plugin lists: text in, values or every problem of it out."""

from collections.abc import Mapping

from builder.formula.bare import ANY_CORE, bare
from builder.formula.inputs import input_paths, with_inputs, with_trees
from builder.formula.layers import EXTENDS, Layer, may_extend
from builder.formula.plugin_list import each_once, plugin_list, typed_list
from builder.formula.tree import Text
from builder.model.formula import Formula

__all__ = [
    "ANY_CORE",
    "Layer",
    "bare",
    "each_once",
    "extended",
    "input_paths",
    "parse",
    "plugin_list",
    "typed_list",
    "with_inputs",
    "with_trees",
]


def parse(
    text: str, *, file: str, values: Mapping[str, str], below: tuple[Layer, ...] = ()
) -> Formula:
    """Read a formula; its ``inputs`` are still empty.

    Args:
        text: the whole file.
        file: how the user named it, for places.
        values: what its placeholders stand for, by name.
        below: the formulas that it extends, the nearest first.

    Raises:
        FormulaInvalid: with every problem at once, each with its place, by place.
    """
    from builder.formula.assemble import formula_from  # noqa: PLC0415  pydantic is slow to import

    return formula_from((Layer(text=text, file=file), *below), values=values)


def extended(layer: Layer) -> Text | None:
    """Tell which formula one extends, with its place; None where it extends none."""
    if not may_extend(layer.text):
        return None
    from builder.formula.read import read  # noqa: PLC0415  # hardly any formula extends another
    from builder.formula.template import fill  # noqa: PLC0415
    from builder.formula.tree import find  # noqa: PLC0415

    filled = fill(layer.text, file=layer.file, values={})
    tree = read(filled.text, filled.place, wanted="").tree
    entry = find(tree, EXTENDS) if tree is not None else None
    return entry[1] if entry and isinstance(entry[1], Text) and entry[1].value else None
