"""A bill of materials says what is built: the core, the plugins and how the result is called.

Source: JEP-309 and custom-war-packager, the classes of ``lib.model.bom`` and
``Config.overrideByBOM``. Sections that are not known are let pass, as the format asks.
"""
# ruff: noqa: RUF012  pydantic copies its defaults

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated

from msgspec.structs import replace
from pydantic import ConfigDict

from builder.errors import FormulaInvalid
from builder.formula.near import did_you_mean
from builder.formula.plugin_list import each_once
from builder.formula.problems import problem_of
from builder.formula.read import read
from builder.formula.schema import check
from builder.formula.shape import Anything, Line, Map, MavenId, OneVersion, Plugin, Setting, Without
from builder.formula.spelling import by_place, spell_text
from builder.formula.template import places_in
from builder.formula.tree import Node, follow, plain
from builder.formula.wished import Ask, wish
from builder.model.formula import Bom, Bundle, Formula, Mode, Named, Place, Problem, Wish
from builder.model.plugin import Coordinates, PluginId
from builder.model.war import LibraryWish
from builder.version import Version

_WHOLE = "a bill of materials: a map with spec"
_VERSION = "1.0-SNAPSHOT"  # the packager's default
_UNRELEASED = Without(("version",), "; name a released version")


class ComponentMap(Map):
    """One of ``plugins`` or ``components``."""

    group_id: MavenId
    artifact_id: Plugin
    version: OneVersion
    ref: Annotated[Anything, _UNRELEASED] = None
    dir: Annotated[Anything, _UNRELEASED] = None


class CoreMap(Map):
    """``spec.core``; which core it is, is known."""

    group_id: MavenId | None = None
    artifact_id: MavenId | None = None
    version: OneVersion | None = None
    ref: Line | None = None
    dir: Line | None = None


class EnvironmentMap(Map):
    """One of ``spec.environments``; what it names is added when it is chosen."""

    name: Line
    plugins: list[ComponentMap] = []
    components: list[ComponentMap] = []


class SpecMap(Map):
    """``spec``."""

    core: CoreMap = CoreMap()
    plugins: list[ComponentMap] = []
    components: list[ComponentMap] = []
    environments: list[EnvironmentMap] = []


class LabelsMap(Map):
    """``metadata.labels``: of the words in it, those that name a bundle."""

    model_config = ConfigDict(extra="ignore")

    group_id: MavenId
    artifact_id: MavenId
    name: Setting | None = None
    title: Setting | None = None
    vendor: Setting | None = None
    description: Setting | None = None


class MetadataMap(Map):
    """``metadata``."""

    labels: LabelsMap | None = None
    annotations: dict[str, Setting] = {}


class BomMap(Map):
    """The whole file."""

    model_config = ConfigDict(extra="ignore")

    metadata: MetadataMap = MetadataMap()
    spec: SpecMap


def told(formula: Formula, bom: Bom, text: str, *, file: str) -> Formula:
    """Let a bill of materials say what the formula left to it.

    Raises:
        FormulaInvalid: with every problem at once, each with its place, by place.
    """
    document, tree = _read(text, file)
    spec = document.spec
    chosen, problems = _environment(spec, bom)
    problems += _lacks(document, bom, tree)
    if problems:
        raise FormulaInvalid(problems=by_place(problems))
    listed = each_once(_wishes(spec, chosen, tree))
    jars = tuple(_libraries(spec, chosen, tree))
    labels = document.metadata.labels
    return replace(
        formula,
        bundle=_bundle(labels, formula.bundle) if labels else formula.bundle,
        war=_war(spec.core.version) if bom.brings_war and spec.core.version else formula.war,
        plugins=listed.wishes,
        bom=None,
        parts=replace(formula.parts, patches=tuple(each for each, _ in jars)),
        named=(
            *(each for each in formula.named if not each.key.startswith("libPatches")),
            *(
                Named(path=PurePosixPath(each.artifact), key=f"libPatches[{index}]", place=place)
                for index, (each, place) in enumerate(jars)
            ),
        ),
        notes=by_place([*formula.notes, *listed.notes]),
    )


def _read(text: str, file: str) -> tuple[BomMap, Node]:
    reading = read(text, places_in(text, file=file), wanted=_WHOLE)
    problems = [*reading.problems]
    if reading.tree is not None:
        checked = check(plain(reading.tree), BomMap)
        if isinstance(checked, BomMap) and not problems:
            return checked, reading.tree
        if not isinstance(checked, BomMap):
            problems += [problem_of(each, reading.tree, BomMap) for each in checked]
    raise FormulaInvalid(problems=by_place(problems))


def _environment(spec: SpecMap, bom: Bom) -> tuple[int | None, list[Problem]]:
    """Find the environment that is asked for; its name has to be known."""
    names = [each.name for each in spec.environments]
    if bom.environment is None or bom.environment in names:
        return (names.index(bom.environment) if bom.environment else None), []
    hint = did_you_mean(bom.environment, names, "the environment")
    return None, [
        Problem(
            place=bom.place,
            path="buildSettings.environmentName",
            found=spell_text(bom.environment),
            wanted=f"an environment that {bom.path} has{hint}",
        )
    ]


def _lacks(document: BomMap, bom: Bom, tree: Node) -> Iterator[Problem]:
    """Ask for what the formula has left to the bill of materials."""
    if bom.brings_war and not document.spec.core.version:
        node, key = follow(tree, ("spec", "core"))
        place = key.place if key else node.place
        wanted = "a released version: buildSettings.bomIncludeWar takes the WAR from here"
        yield Problem(place=place, path="spec.core.version", found="nothing", wanted=wanted)
    if bom.brings_bundle and not document.metadata.labels:
        wanted = "groupId and artifactId: the formula has no bundle"
        yield Problem(place=tree.place, path="metadata.labels", found="nothing", wanted=wanted)


def _wishes(spec: SpecMap, chosen: int | None, tree: Node) -> Iterator[Wish]:
    """Give the plugins for all, then those of the environment."""
    yield from _pinned(spec.plugins, tree, ("spec", "plugins"))
    if chosen is not None:
        location = ("spec", "environments", chosen, "plugins")
        yield from _pinned(spec.environments[chosen].plugins, tree, location)


def _pinned(
    components: list[ComponentMap], tree: Node, location: tuple[str | int, ...]
) -> Iterator[Wish]:
    for index, each in enumerate(components):
        place = follow(tree, (*location, index))[0].place
        ask = Ask(mode=Mode.PINNED, version=each.version)
        yield wish(PluginId(each.artifact_id), ask, place, each.group_id)


def _libraries(
    spec: SpecMap, chosen: int | None, tree: Node
) -> Iterator[tuple[LibraryWish, Place]]:
    """Give the libraries to be replaced in the core, for all, then those of the environment."""
    sections: list[tuple[list[ComponentMap], tuple[str | int, ...]]] = [
        (spec.components, ("spec", "components"))
    ]
    if chosen is not None:
        theirs = spec.environments[chosen].components
        sections.append((theirs, ("spec", "environments", chosen, "components")))
    for components, location in sections:
        for index, each in enumerate(components):
            origin = Coordinates(each.group_id, each.artifact_id, each.version, "jar")
            wished = LibraryWish(group=each.group_id, artifact=each.artifact_id, origin=origin)
            yield wished, follow(tree, (*location, index))[0].place


def _bundle(labels: LabelsMap, own: Bundle) -> Bundle:
    """Take the name from the labels; the version stays the formula's."""
    return Bundle(
        group=labels.group_id,
        artifact=labels.artifact_id,
        version=own.version or _VERSION,
        title=labels.title or labels.name or None,
        vendor=labels.vendor or None,
        description=labels.description or labels.name or None,
    )


def _war(version: Version) -> Coordinates:
    return Coordinates("org.jenkins-ci.main", "jenkins-war", version, "war")
