"""Faults of the shape to problems with a place in the user's file."""

from builder.formula.near import did_you_mean
from builder.formula.schema import Fault, known_keys
from builder.formula.shape import Map
from builder.formula.spelling import spell, spell_path
from builder.formula.tree import Node, Text, follow
from builder.model.formula import Problem

_NAMING = (("image", "env"), ("systemProperties",))  # maps whose keys the user chooses
_WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "union_tag_not_found": "text such as git:5.2.2, or a map",
    "too_short": "at least one; leave the key out for the default",
    "missing": "this key: it is required",
}


def problem_of(fault: Fault, tree: Node, model: type[Map]) -> Problem:
    """Find the place of a fault, and what stands there."""
    is_key = _means_key(fault.location)
    location = fault.location[:-1] if is_key else fault.location
    node, key = follow(tree, location)
    if fault.code == "missing":
        place, found = node.place, "nothing"
    elif key and (fault.code == "extra_forbidden" or is_key):
        place, found = key.place, spell(key)
    else:  # a list or map begins below its key
        place = key.place if key and not isinstance(node, Text) else node.place
        found = spell(node)
    return Problem(
        place=place, path=spell_path(location), found=found, wanted=_wanted(fault, model)
    )


def _means_key(location: tuple[str | int, ...]) -> bool:
    """Say whether a location such as ``image.env.NAME.[key]`` means the key, not the value."""
    return any(location[: len(e)] == e and len(location) == len(e) + 2 for e in _NAMING)


def _wanted(fault: Fault, model: type[Map]) -> str:
    names = tuple(each for each in fault.location if isinstance(each, str))
    if fault.code == "extra_forbidden":
        known = known_keys(names[:-1], model)
        hint = did_you_mean(names[-1], known, "the key")
        return f"a known key{hint}" if hint else f"one of {', '.join(sorted(known))}"
    return fault.said or _WANTED[fault.code]
