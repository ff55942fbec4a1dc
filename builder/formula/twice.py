"""Finds what a formula names twice.

It works on the tree and not on the document, so that it tells of these problems also where others
keep the document from being made.
"""

from collections.abc import Callable, Iterator

from builder.formula.problems import spell
from builder.formula.read import Items, Node, Table, Text
from builder.model.formula import Problem

Naming = tuple[Text, str | None]
"""A name, and the version that goes with it."""


def named_twice(tree: Node) -> Iterator[Problem]:
    """Report plugins, repositories and targets of files that come again."""
    yield from _again(tree, ("plugins",), _plugin)
    yield from _again(tree, ("repositories",), lambda node: _text(node, "id"))
    yield from _again(tree, ("image", "files"), lambda node: _text(node, "to"))


def _again(
    tree: Node, path: tuple[str, ...], naming: Callable[[Node], Naming | None]
) -> Iterator[Problem]:
    nodes = _find(tree, path)
    seen: dict[str, Naming] = {}
    for index, node in enumerate(nodes.nodes if isinstance(nodes, Items) else ()):
        named = naming(node)
        if named is None:
            continue
        first = seen.setdefault(named[0].value, named)
        if first is not named:
            found, wanted = _words(named, first)
            where = f"{'.'.join(path)}[{index}]"
            yield Problem(place=named[0].place, path=where, found=found, wanted=wanted)


def _words(named: Naming, first: Naming) -> tuple[str, str]:
    """Tell a plain repetition from two versions of one plugin."""
    name, place = spell(named[0]), first[0].place
    if named[1] == first[1]:
        return f"{name} a second time", f"each once; the first stands at {place}"
    theirs, ours = (version or "no version" for version in (first[1], named[1]))
    return f"{name} with {ours}", f"one version of each; at {place} it stands with {theirs}"


def _plugin(node: Node) -> Naming | None:
    if isinstance(node, Text):
        name, typed, *_ = [*node.value.split(":"), ""]
        return Text(name, node.place), typed or None
    named = _text(node, "artifactId")
    version = _find(node, ("source", "version"))
    return (named[0], version.value if isinstance(version, Text) else None) if named else None


def _text(node: Node, key: str) -> Naming | None:
    text = _find(node, (key,))
    return (text, None) if isinstance(text, Text) else None


def _find(node: Node, path: tuple[str, ...]) -> Node | None:
    found: Node | None = node
    for step in path:
        entry = found.find(step) if isinstance(found, Table) else None
        found = entry[1] if entry else None
    return found
