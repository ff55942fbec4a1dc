"""Finds what a formula names twice.

It works on the tree and not on the document, so that it tells of these problems also where others
keep the document from being made.
"""

from collections.abc import Callable, Iterator

from builder.formula.spelling import spell
from builder.formula.tree import Items, Node, Text, find, is_empty
from builder.model.formula import Problem

Naming = tuple[Text, str | None]
"""A name, and the version that goes with it."""

_OUTDONE = {
    "buildSettings.docker.base": "image.base",
    "buildSettings.docker.tag": "image.tags",
    "plugins": "buildSettings.bom",
    "libPatches": "buildSettings.bom",
}


def named_twice(tree: Node) -> Iterator[Problem]:
    """Report plugins, repositories and targets of files that come again."""
    yield from _again(tree, "plugins", _plugin)
    yield from _again(tree, "repositories", lambda node: _text(node, "id"))
    yield from _again(tree, "image.files", lambda node: _text(node, "to"))
    yield from _again(tree, "policy.allow", lambda node: _text(node, "id"))
    yield from _again(tree, "libPatches", lambda node: _text(node, "artifactId"))
    yield from _again(tree, "libExcludes", lambda node: _text(node, "artifactId"))
    yield from _two_lists(tree)


def _two_lists(tree: Node) -> Iterator[Problem]:
    """Report a plugin list beside a bill of materials, which says what the plugins are."""
    bom, listed = find(tree, "buildSettings.bom"), find(tree, "pluginsFile")
    if bom and listed:
        wanted = f"one of the two; buildSettings.bom at {bom[0].place} names all plugins"
        place = listed[0].place
        yield Problem(place=place, path="pluginsFile", found=spell(listed[1]), wanted=wanted)


def outdone(tree: Node) -> Iterator[Problem]:
    """Note what a key of jbuild's, or a bill of materials, says in another's place."""
    for path, other in _OUTDONE.items():
        entry, winner = find(tree, path), find(tree, other)
        if entry and winner and not is_empty(entry[1]) and not is_empty(winner[1]):
            wanted = f"nothing: {other} at {winner[0].place} says it"
            yield Problem(place=entry[0].place, path=path, found=spell(entry[1]), wanted=wanted)


def _again(tree: Node, path: str, naming: Callable[[Node], Naming | None]) -> Iterator[Problem]:
    entry = find(tree, path)
    nodes = entry[1] if entry else None
    seen: dict[str, Naming] = {}
    for index, node in enumerate(nodes.nodes if isinstance(nodes, Items) else ()):
        named = naming(node)
        if named is None:
            continue
        first = seen.setdefault(named[0].value, named)
        if first is not named:
            found, wanted = _words(named, first)
            where = f"{path}[{index}]"
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
    version = find(node, "source.version")
    typed = version[1].value if version and isinstance(version[1], Text) else ""
    return (named[0], typed or None) if named else None


def _text(node: Node, key: str) -> Naming | None:
    entry = find(node, key)
    return (entry[1], None) if entry and isinstance(entry[1], Text) else None
