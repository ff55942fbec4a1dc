"""What of a formula becomes part of the controller's archive."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from builder.formula.packager import CascMap, HookMap, LibraryMap, PatchMap, WarMap, recipe
from builder.formula.schema import Document
from builder.formula.spelling import spell_path
from builder.formula.tree import Items, Node, Text, find, follow
from builder.model.formula import Named
from builder.model.plugin import Beside, Coordinates
from builder.model.recipe import Recipe
from builder.model.war import LibraryWish, Resource, Taken, WarWishes


def parts(document: Document) -> WarWishes:
    """Give the wishes."""
    return WarWishes(
        core=_core(document.war) if document.war else None,
        properties=tuple(sorted(document.system_properties.items())),
        hooks=tuple(_resources(document.groovy_hooks)),
        casc=tuple(_resources(document.casc)),
        patches=tuple(map(_patch, document.lib_patches)),
        excludes=tuple(map(_library, document.lib_excludes)),
    )


def _core(war: WarMap) -> PurePosixPath | Recipe | None:
    built = recipe(war.source, war.build, "war/target/jenkins.war")
    return war.source.file or built


def named(document: Document, tree: Node) -> tuple[Named, ...]:
    """List each file or folder that these wishes name, with its place."""
    return tuple(_named(document, tree))


def _resources(listed: list[HookMap] | list[CascMap]) -> Iterator[Resource]:
    for each in listed:
        hook, source = each.type if isinstance(each, HookMap) else None, each.source
        if source.git and source.commit:
            taken = Taken(address=source.git, commit=source.commit, path=source.dir)
            path = taken.root / (source.dir or "")
            yield Resource(id=each.id, source=path, hook=hook, taken=taken)
        elif source.dir:
            yield Resource(id=each.id, source=source.dir, hook=hook)


def _library(wished: LibraryMap) -> LibraryWish:
    return LibraryWish(group=wished.group_id, artifact=wished.artifact_id)


def _patch(wished: PatchMap) -> LibraryWish:
    group, artifact, source = wished.group_id, wished.artifact_id, wished.source
    origin: Coordinates | Beside | Recipe | None = None
    if source.version:
        origin = Coordinates(group, artifact, source.version, "jar")
    elif source.file:
        origin = Beside(source.file)
    else:
        origin = recipe(source, wished.build, f"target/{artifact}.jar")
    return LibraryWish(group=group, artifact=artifact, origin=origin)


def _named(document: Document, tree: Node) -> Iterator[Named]:
    locations: list[tuple[str | int, ...]] = [("war", "source", "file")]
    locations += [("groovyHooks", i, "source", "dir") for i in range(len(document.groovy_hooks))]
    locations += [("casc", i, "source", "dir") for i in range(len(document.casc))]
    locations += [("libPatches", i, "source", "file") for i in range(len(document.lib_patches))]
    wished = set(parts(document).paths)
    for location in locations:
        yield from (e for e in _at(tree, location) if e.path in wished)
    for path, resources in (("groovyHooks", parts(document).hooks), ("casc", parts(document).casc)):
        yield from _taken(tree, path, resources)
    for path in ("libPatches", "libExcludes"):
        yield from _libraries(tree, path)


def _libraries(tree: Node, path: str) -> Iterator[Named]:
    entry = find(tree, path)
    for index, node in enumerate(entry[1].nodes if entry and isinstance(entry[1], Items) else ()):
        if (artifact := find(node, "artifactId")) and isinstance(artifact[1], Text):
            name = PurePosixPath(artifact[1].value)
            yield Named(path=name, key=f"{path}[{index}]", place=artifact[1].place)


def _taken(tree: Node, path: str, resources: tuple[Resource, ...]) -> Iterator[Named]:
    for index, each in enumerate(resources):
        _, key = follow(tree, (path, index, "source", "git"))
        if each.taken and key:
            yield Named(path=each.source, key=f"{path}[{index}].source.git", place=key.place)


def _at(tree: Node, location: tuple[str | int, ...]) -> Iterator[Named]:
    node, key = follow(tree, location)
    if key and key.value == location[-1] and isinstance(node, Text):
        path = PurePosixPath(node.value.removesuffix("\n"))
        yield Named(path=path, key=spell_path(location), place=key.place)
