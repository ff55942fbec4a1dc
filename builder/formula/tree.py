"""The tree of raw scalars, each with its place, and the ways through it."""

from typing import Union

from msgspec import Struct

from builder.model.formula import Place

STAND_IN = "\ue000"  # takes the place of what is missing, so that the rest can still be judged


class Text(Struct, frozen=True):
    """A scalar as it was typed, quotes and escapes of YAML undone."""

    value: str
    place: Place


class Items(Struct, frozen=True):
    """A list."""

    nodes: "tuple[Node, ...]"
    place: Place


class Table(Struct, frozen=True):
    """A map; no key stands in it twice."""

    entries: "tuple[tuple[Text, Node], ...]"
    place: Place

    def find(self, key: str) -> "tuple[Text, Node] | None":
        """Look an entry up by its key."""
        return next((entry for entry in self.entries if entry[0].value == key), None)


Node = Text | Items | Table

Plain = Union[str, list["Plain"], dict[str, "Plain"]]  # noqa: UP007  `|` takes no forward name


def plain(node: Node) -> Plain:
    """Leave the places out."""
    return _plain(node, {})


def _plain(node: Node, known: dict[int, Plain]) -> Plain:
    """Make what an alias repeats once, however often it comes."""
    if isinstance(node, Text):
        return node.value
    made = known.get(id(node))
    if made is None:
        if isinstance(node, Items):
            made = [_plain(each, known) for each in node.nodes]
        else:
            made = {key.value: _plain(value, known) for key, value in node.entries}
        known[id(node)] = made
    return made


def follow(tree: Node, location: tuple[str | int, ...]) -> tuple[Node, Text | None]:
    """Walk to a node and its key, or to the last one on the way that is there."""
    node, key = tree, None
    for step in location:
        if isinstance(node, Items) and isinstance(step, int):
            node, key = node.nodes[step], None
        elif isinstance(node, Table) and (entry := node.find(str(step))):
            key, node = entry
    return node, key


def find(tree: Node, path: str) -> tuple[Text, Node] | None:
    """Look up the key and the value at a path such as ``image.base``; None where there is none."""
    node, entry = tree, None
    for step in path.split("."):
        entry = node.find(step) if isinstance(node, Table) else None
        if entry is None:
            return None
        node = entry[1]
    return entry


def places(tree: Node, path: str) -> tuple[Place, ...]:
    """Give the place of every item of a list; empty where there is no list."""
    entry = find(tree, path)
    nodes = entry[1].nodes if entry and isinstance(entry[1], Items) else ()
    return tuple(each.place for each in nodes)


def is_empty(node: Node) -> bool:
    """Say whether nothing stands there."""
    if isinstance(node, Text):
        return not node.value
    return not (node.nodes if isinstance(node, Items) else node.entries)
