"""What a formula asks for that is read and cannot be built yet: enough to resolve, no more."""

from collections.abc import Iterator

from builder.formula.spelling import spell
from builder.formula.tree import Node, Text, find, follow, is_empty
from builder.model.formula import Problem

_DEBIAN = "image: {base: {debian: bookworm, packages: [...]}}"
_LATER = {
    "buildSettings.docker.output": "not yet; load keeps it with the engine, push publishes it",
    "buildSettings.jenkinsfileRunner": "not yet; it is an image of another kind",
}


def unbuilt(tree: Node) -> Iterator[Problem]:
    """Give a problem for every key that says something jbuild cannot do yet."""
    for path, wanted in _LATER.items():
        entry = find(tree, path)
        if entry and not is_empty(entry[1]) and not _is_built(path, entry[1]):
            yield _problem(path, entry, wanted)
    if not find(tree, "image.base") and not find(tree, "buildSettings.docker.base"):
        yield _without_base(tree)


def _is_built(path: str, node: Node) -> bool:
    return path == "buildSettings.docker.output" and spell(node) in {"load", "push"}


def _without_base(tree: Node) -> Problem:
    """Tell that nobody names a base."""
    image, key = follow(tree, ("image",))
    place = key.place if key else image.place
    wanted = f"a base to build on: {_DEBIAN}"
    return Problem(place=place, path="image.base", found="nothing", wanted=wanted)


def _problem(path: str, entry: tuple[Text, Node], wanted: str) -> Problem:
    key, node = entry
    return Problem(place=key.place, path=path, found=spell(node), wanted=wanted)
