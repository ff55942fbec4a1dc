"""CasC documents as trees whose variables have the values that they have without being set."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import yaml
from msgspec import Struct
from msgspec.structs import replace

from builder.model.formula import InputFile

_VARIABLE = re.compile(r"(?<!\^)\$\{([^{}:]+)(?::-([^{}]*))?\}")
CLOUD = ("jenkins", "clouds", "kubernetes")
TEMPLATES = (*CLOUD, "templates")
_NONE: Mapping[str, str] = MappingProxyType({})


class Leaf(Struct, frozen=True, kw_only=True):
    """One key with what stands behind it."""

    path: tuple[str, ...]  # lower-case keys; items of lists add nothing
    node: yaml.Node
    place: str  # such as ``casc/jenkins.yaml:3``
    variables: Mapping[str, str] = _NONE  # that have another value than their default

    @property
    def text(self) -> str | None:
        """Give a scalar's value; None where it is none, or a variable without a value."""
        return text_of(self.node, self.variables)

    def below(self, *keys: str) -> "tuple[Leaf, ...]":
        """Find what stands behind some keys below this one, in every item of its lists."""
        end = (*self.path, *keys)
        inside = walk(self.node, self.place, self.path, self.variables)
        return tuple(each for each in inside if each.path == end)

    def first(self, *keys: str) -> str | None:
        """Give the first scalar behind some keys."""
        return next((each.text for each in self.below(*keys) if each.text is not None), None)


def leaves(
    file: InputFile, root: yaml.Node | None, variables: Mapping[str, str] = _NONE
) -> tuple[Leaf, ...]:
    """List every key of a document."""
    return tuple(walk(root, str(file.path), (), variables)) if root else ()


def items(leaf: Leaf) -> tuple[Leaf, ...]:
    """Give the items of a list, each with its own place; a map counts as one."""
    file = leaf.place.rpartition(":")[0]
    nodes = leaf.node.value if isinstance(leaf.node, yaml.SequenceNode) else [leaf.node]
    return tuple(replace(leaf, node=each, place=f"{file}:{_line(each)}") for each in nodes)


def walk(
    node: yaml.Node,
    place: str,
    path: tuple[str, ...],
    variables: Mapping[str, str],
    around: tuple[yaml.Node, ...] = (),
) -> Iterator[Leaf]:
    """Visit keys depth first; an anchor may stand inside itself, and is left out there."""
    if any(each is node for each in around):
        return
    file = place.rpartition(":")[0] or place
    within = (*around, node)
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from walk(each, place, path, variables, within)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = f"{file}:{_line(key)}"
            below = (*path, str(key.value).lower())
            yield Leaf(path=below, node=value, place=here, variables=variables)
            yield from walk(value, here, below, variables, within)


def text_of(node: yaml.Node, variables: Mapping[str, str] = _NONE) -> str | None:
    """Give a scalar with the values of its variables, or their defaults; None: one has neither."""
    return filled(str(node.value), variables) if isinstance(node, yaml.ScalarNode) else None


def filled(text: str, variables: Mapping[str, str]) -> str | None:
    """Put values in the places of variables; None: one has neither value nor default."""
    values = [variables.get(each[1], each[2]) for each in _VARIABLE.finditer(text)]
    if None in values:
        return None
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[2]), text)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
