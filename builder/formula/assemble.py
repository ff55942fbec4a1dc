"""From text to ``Formula``, or to every problem of it at once."""

from collections.abc import Iterator, Mapping

from builder.errors import FormulaInvalid
from builder.formula import presets, wished
from builder.formula.layers import Layer, laid_over, misplaced
from builder.formula.packager import BundleMap, DockerMap, PluginMap, ShortForm, WarMap
from builder.formula.parts import named, parts
from builder.formula.problems import problem_of
from builder.formula.read import read
from builder.formula.schema import BaseMap, CatalogueMap, Document, ImageMap, PolicyMap, check
from builder.formula.spelling import by_place
from builder.formula.template import fill, names
from builder.formula.tree import Node, Table, find, places, plain
from builder.formula.twice import named_twice, outdone
from builder.formula.unbuilt import unbuilt
from builder.model.base_wishes import (
    ArchiveBase,
    DebianBase,
    EngineBase,
    ImageBase,
    LayoutBase,
    RegistryBase,
)
from builder.model.formula import (
    Allowance,
    Bom,
    Bundle,
    CatalogueWishes,
    CertificateFile,
    Formula,
    ImageWishes,
    Overlay,
    Place,
    Placement,
    PluginsFile,
    Policy,
    Problem,
    Repository,
    Retired,
    TrialWishes,
    Wish,
)
from builder.model.plugin import Coordinates, PluginId
from builder.version import Version

_WHOLE = "a formula: a map with bundle, war and image"
_STAND_IN_BUNDLE = Bundle(group="", artifact="", version="")  # until a bill of materials is read
_STAND_IN_WAR = Coordinates("", "", Version(""), "war")


def formula_from(layers: tuple[Layer, ...], *, values: Mapping[str, str]) -> Formula:
    """Read, check and assemble.

    Args:
        layers: the formula, then those that it extends, the nearest first.
        values: what placeholders stand for, by name.

    Raises:
        FormulaInvalid: with every problem, by place.
    """
    problems: list[Problem] = []
    tree: Node | None = None
    used = set[str]().union(*(names(each.text) for each in layers[1:]))
    for layer in reversed(layers):
        known = names(layer.text) | (values.keys() - used if layer is layers[0] else set())
        given = {name: value for name, value in values.items() if name in known}
        filled = fill(layer.text, file=layer.file, values=given)
        reading = read(filled.text, filled.place, wanted=_WHOLE)
        problems += [*filled.problems, *reading.problems]
        if reading.tree is None:
            raise FormulaInvalid(problems=by_place(problems))
        above = _unpacked(reading.tree)
        problems += misplaced(tree, above)
        tree = above if tree is None else laid_over(tree, above)
    if tree is not None:
        checked = check(plain(tree), Document)
        problems += named_twice(tree)
        if isinstance(checked, Document) and not problems:
            return _formula(checked, tree, layers[0].file)
        if not isinstance(checked, Document):
            problems += [problem_of(each, tree, Document) for each in checked]
    raise FormulaInvalid(problems=by_place(problems))


def _unpacked(tree: Node) -> Node:
    """Take the formula out of an ``essentials.yml``, whose other keys are of no concern to it.

    Source: custom-war-packager, ``Config.load``.
    """
    packed = find(tree, "packaging.config")
    is_bare = packed and isinstance(packed[1], Table) and not find(tree, "bundle")
    return packed[1] if packed and is_bare else tree


def _formula(document: Document, tree: Node, file: str) -> Formula:
    settings, trial = document.build_settings, document.verify
    return Formula(
        file=file,
        bundle=_bundle(document.bundle) if document.bundle else _STAND_IN_BUNDLE,
        war=_war(document.war) if document.war else _STAND_IN_WAR,
        plugins=tuple(
            _wish(plugin, place)
            for plugin, place in zip(document.plugins, places(tree, "plugins"), strict=True)
        ),
        repositories=tuple(_repositories(document)),
        image=_image(document.image, settings.docker, tree),
        trial=TrialWishes(
            memory=trial.memory,
            timeout_s=trial.timeout,
            checks=tuple(each.wish() for each in trial.checks),
            overlay=_overlay(document, tree),
        ),
        catalogue=_catalogue(document.catalogue),
        policy=_policy(document.policy, places(tree, "policy.allow")),
        plugins_file=_plugins_file(document, tree),
        bom=_bom(document, tree),
        unbuilt=by_place(unbuilt(tree)),
        notes=by_place(outdone(tree)),
        parts=parts(document),
        named=named(document, tree),
    )


def _overlay(document: Document, tree: Node) -> Overlay | None:
    path, entry = document.verify.overlay, find(tree, "verify.overlay")
    return Overlay(path=path, place=entry[0].place) if path and entry else None


def _bundle(bundle: BundleMap) -> Bundle:
    return Bundle(
        group=bundle.group_id,
        artifact=bundle.artifact_id,
        version=bundle.version,
        title=bundle.title,
        vendor=bundle.vendor,
        description=bundle.description,
    )


def _war(war: WarMap) -> Coordinates:
    return Coordinates(war.group_id, war.artifact_id, war.source.version or Version(""), "war")


def _wish(plugin: ShortForm | PluginMap, place: Place) -> Wish:
    if isinstance(plugin, PluginMap):
        name = PluginId(plugin.artifact_id)
        return wished.wish(name, plugin.ask, place, plugin.group_id)
    name, ask = plugin
    return wished.wish(name, ask, place)


def _repositories(document: Document) -> Iterator[Repository]:
    """Give the formula's own, then the packager's where no other has its id."""
    named = {each.id: each.url for each in document.repositories}
    jenkins = document.build_settings.jenkins_repository
    for key, url in (
        (jenkins.id, jenkins.url),
        (jenkins.incrementals_id, jenkins.incrementals_url),
    ):
        if url:
            named.setdefault(key, url)
    return (Repository(id=key, url=url) for key, url in named.items())


def _image(image: ImageMap, docker: DockerMap, tree: Node) -> ImageWishes:
    """Take the packager's base and tag where ``image`` names none."""
    packed = RegistryBase(reference=docker.base) if docker.base else None
    return ImageWishes(
        base=_base(image.base) if image.base else packed,
        layout=image.layout,
        env=tuple(sorted(image.env.items())),
        java_options=tuple(image.java.options),
        files=tuple(Placement(source=each.source, target=each.target) for each in image.files),
        tags=tuple(image.tags or filter(None, [docker.tag])),
        retired=tuple(
            Retired(PluginId(each), place)
            for each, place in zip(image.retired, places(tree, "image.retired"), strict=True)
        ),
        platforms=tuple(sorted(set(image.platforms or filter(None, docker.platform.split(","))))),
        push=docker.output == "push",
        certificates=tuple(
            CertificateFile(each, place)
            for each, place in zip(
                image.certificates, places(tree, "image.certificates"), strict=True
            )
        ),
    )


def _base(base: BaseMap) -> DebianBase | ImageBase | None:
    if base.debian:
        return DebianBase(suite=base.debian, packages=tuple(base.packages), mirror=base.mirror)
    if base.registry:
        return RegistryBase(reference=base.registry)
    if base.docker:
        return EngineBase(reference=base.docker)
    if base.archive:
        return ArchiveBase(path=base.archive)
    return LayoutBase(path=base.oci) if base.oci else None


def _catalogue(asked: CatalogueMap) -> CatalogueWishes:
    """Take the files from where the indexes are where only URLs are named: no public mirror."""
    own = all(map(presets.is_url, asked.sources))
    mirrors = asked.mirrors if asked.mirrors is not None else ([] if own else ["official"])
    return CatalogueWishes(
        sources=tuple(asked.sources), mirrors=tuple(mirrors), trust=tuple(asked.trust)
    )


def _policy(policy: PolicyMap, at: tuple[Place, ...]) -> Policy:
    return Policy(
        dependencies=policy.dependencies,
        implied=policy.implied,
        signed_only=policy.trust,
        refuse_warnings=policy.warnings,
        allow=tuple(
            Allowance(id=each.id, until=each.until, why=each.why, place=place)
            for each, place in zip(policy.allow, at, strict=True)
        ),
    )


def _plugins_file(document: Document, tree: Node) -> PluginsFile | None:
    entry = find(tree, "pluginsFile")
    if document.plugins_file is None or entry is None:
        return None
    return PluginsFile(path=document.plugins_file, place=entry[1].place)


def _bom(document: Document, tree: Node) -> Bom | None:
    settings, entry = document.build_settings, find(tree, "buildSettings.bom")
    if settings.bom is None or entry is None:
        return None
    return Bom(
        path=settings.bom,
        place=entry[1].place,
        environment=settings.environment_name,
        brings_bundle=document.bundle is None,
        brings_war=settings.bom_include_war,
    )
