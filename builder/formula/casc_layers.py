"""One CasC file above another of the same name, joined before a controller sees them.

Maps are joined key by key, null takes away what stands below, anything else, lists too, replaces
it. So there is one document: no list is doubled, and no merge strategy has a say.
Source: RFC 7396 (JSON merge patch).
"""

import yaml

from builder.errors import FormulaInvalid
from builder.model.formula import Place, Problem

_NULL = "tag:yaml.org,2002:null"
_WANTED = "a map in YAML: it is joined with the file of the same name"
_WIDE = 10_000  # columns: a folded line would be no easier to read


def joined(below: bytes, above: bytes, *, files: tuple[str, str]) -> bytes:
    """Lay a text over another.

    Raises:
        FormulaInvalid: one of them is no map.
    """
    under, over = _root(below, files[0]), _root(above, files[1])
    text: str = yaml.serialize(
        _laid_over(under, over), encoding=None, allow_unicode=True, width=_WIDE
    )
    return text.encode()


def _root(content: bytes, file: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        raise FormulaInvalid(problems=(_problem(place, str(fault.problem)),)) from fault
    except (yaml.YAMLError, ValueError) as fault:
        raise FormulaInvalid(problems=(_problem(Place(file, 1, 1), "no YAML"),)) from fault
    if not isinstance(root, yaml.MappingNode):
        raise FormulaInvalid(problems=(_problem(Place(file, 1, 1), "no map"),))
    return root


def _problem(place: Place, found: str) -> Problem:
    return Problem(place=place, path="", found=found, wanted=_WANTED)


def _laid_over(below: yaml.Node | None, above: yaml.Node) -> yaml.Node:
    if not isinstance(above, yaml.MappingNode):
        return above
    under = below.value if isinstance(below, yaml.MappingNode) else ()
    entries = {key.value: (key, value) for key, value in under}
    for key, value in above.value:
        if value.tag == _NULL:
            entries.pop(key.value, None)
        else:
            known = entries.get(key.value, (key, None))
            entries[key.value] = (known[0], _laid_over(known[1], value))
    return yaml.MappingNode(above.tag, list(entries.values()))
