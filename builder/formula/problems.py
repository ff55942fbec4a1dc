"""Faults of the shape to problems with a place in the user's file."""

import re
import unicodedata

from builder.formula.near import did_you_mean
from builder.formula.read import Items, Node, Table, Text
from builder.formula.schema import Fault, known_keys
from builder.model.formula import Place, Problem

_NOWHERE = Place("", 1, 1)
_LONGEST = 120  # characters of the user's text in one problem
_USER = re.compile(r"//[^/\s]*@")
_QUERY = re.compile(r"(://[^?\s]*)\?\S*")


_KEY_OF_ENV = 4  # steps to ``image.env.NAME.[key]``, which means the key and not the value
_WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "union_tag_not_found": "text such as git:5.2.2, or a map",
}
_NOT_YET_OPTIONAL = {("image",), ("image", "base"), ("image", "base", "debian")}
_IMAGE = "not yet without one: image: {base: {debian: bookworm, packages: [...]}}"


def problem_of(fault: Fault, tree: Node) -> Problem:
    """Find the place of a fault, and what stands there."""
    is_key_of_env = fault.location[:2] == ("image", "env") and len(fault.location) == _KEY_OF_ENV
    location = fault.location[:-1] if is_key_of_env else fault.location
    node, key = _follow(tree, location)
    if fault.code == "missing":
        place, found = node.place, "nothing"
    elif key and (fault.code == "extra_forbidden" or is_key_of_env):
        place, found = key.place, spell(key)
    else:  # a list or map begins below its key
        place = key.place if key and not isinstance(node, Text) else node.place
        found = spell(node)
    return Problem(place=place, path=_path(location), found=found, wanted=_wanted(fault))


def _wanted(fault: Fault) -> str:
    names = tuple(each for each in fault.location if isinstance(each, str))
    if fault.code == "missing":
        return _IMAGE if names in _NOT_YET_OPTIONAL else "this key: it is required"
    if fault.code == "extra_forbidden":
        known = known_keys(names[:-1])
        hint = did_you_mean(names[-1], known, "the key")
        return f"a known key{hint}" if hint else f"one of {', '.join(sorted(known))}"
    return fault.said or _WANTED[fault.code]


def spell(node: Node) -> str:
    """Say what a node is: short, without secrets of a URL, on one line."""
    if not isinstance(node, Text):
        return "a list" if isinstance(node, Items) else "a map"
    shown = _QUERY.sub(r"\1?***", _USER.sub("//***@", node.value))
    clean = "".join(
        each if unicodedata.category(each) not in {"Cc", "Zl", "Zp"} else ascii(each)[1:-1]
        for each in shown
    )
    if len(clean) > _LONGEST:
        clean = f"{clean[:_LONGEST]}..."
    return clean or "nothing"


def _follow(tree: Node, location: tuple[str | int, ...]) -> tuple[Node, Text | None]:
    """Walk to a node and its key, or to the last one on the way that is there."""
    node, key = tree, None
    for step in location:
        if isinstance(node, Items) and isinstance(step, int):
            node, key = node.nodes[step], None
        elif isinstance(node, Table) and (entry := node.find(str(step))):
            key, node = entry
    return node, key


def _path(location: tuple[str | int, ...]) -> str:
    """Spell a location such as ``plugins[3].source.version``."""
    steps = (
        f"[{each}]" if isinstance(each, int) else f".{spell(Text(each, _NOWHERE))}"
        for each in location
    )
    return "".join(steps).removeprefix(".")
