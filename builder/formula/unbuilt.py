"""What a formula asks for that is read and cannot be built yet: enough to resolve, no more."""

from collections.abc import Iterator

from builder.formula.spelling import spell
from builder.formula.tree import Node, Text, find, follow, is_empty
from builder.model.formula import Problem

_DEBIAN = "image: {base: {debian: bookworm, packages: [...]}}"
_OTHER_BASE = f"not yet built on; the base is made of Debian packages: {_DEBIAN}"
_LATER = {
    "systemProperties": "not yet; image.java.options takes -Dname=value",
    "groovyHooks": "not yet packed; put scripts into init.groovy.d beside the formula",
    "casc": "not yet packed; put the YAML files into casc beside the formula",
    "libPatches": "not yet; the core keeps its own libraries",
    "libExcludes": "not yet; the core keeps its own libraries",
    "buildSettings.docker.output": "not yet pushed; load keeps the image with the engine",
    "buildSettings.docker.platform": "not yet; the image is for the machine it is built on",
    "buildSettings.jenkinsfileRunner": "not yet",
    "image.platforms": "not yet; the image is for the machine it is built on",
    "image.base.registry": _OTHER_BASE,
    "image.base.oci": _OTHER_BASE,
    "image.base.archive": _OTHER_BASE,
    "image.base.docker": _OTHER_BASE,
    "verify.overlay": "not yet",
    "verify.checks": "not yet; the stock checks run",
}


def unbuilt(tree: Node) -> Iterator[Problem]:
    """Give a problem for every key that says something jbuild cannot do yet."""
    for path, wanted in _LATER.items():
        entry = find(tree, path)
        if entry and not is_empty(entry[1]) and not _is_built(path, entry[1]):
            yield _problem(path, entry, wanted)
    if not find(tree, "image.base"):
        yield _without_base(tree)


def _is_built(path: str, node: Node) -> bool:
    return path == "buildSettings.docker.output" and spell(node) == "load"


def _without_base(tree: Node) -> Problem:
    """Tell that there is no base, or only the packager's, which a registry has."""
    path = "buildSettings.docker.base"
    if entry := find(tree, path):
        return _problem(path, entry, _OTHER_BASE)
    image, key = follow(tree, ("image",))
    place = key.place if key else image.place
    wanted = f"a base to build on: {_DEBIAN}"
    return Problem(place=place, path="image.base", found="nothing", wanted=wanted)


def _problem(path: str, entry: tuple[Text, Node], wanted: str) -> Problem:
    key, node = entry
    return Problem(place=key.place, path=path, found=spell(node), wanted=wanted)
