"""The room that reads formulas and plugin lists: text in, values or every problem of it out."""

from collections.abc import Mapping

from builder.formula.bare import ANY_CORE, bare
from builder.formula.inputs import input_paths, with_inputs, with_trees
from builder.formula.plugin_list import each_once, plugin_list, typed_list
from builder.model.formula import Formula

__all__ = [
    "ANY_CORE",
    "bare",
    "each_once",
    "input_paths",
    "parse",
    "plugin_list",
    "typed_list",
    "with_inputs",
    "with_trees",
]


def parse(text: str, *, file: str, values: Mapping[str, str]) -> Formula:
    """Read a formula; its ``inputs`` are still empty.

    Args:
        text: the whole file.
        file: how the user named it, for places.
        values: what its placeholders stand for, by name.

    Raises:
        FormulaInvalid: with every problem at once, each with its place, by place.
    """
    from builder.formula.assemble import formula_from  # noqa: PLC0415  pydantic is slow to import

    return formula_from(text, file=file, values=values)
