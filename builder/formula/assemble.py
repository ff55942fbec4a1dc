"""From text to ``Formula``, or to every problem of it at once."""

from collections.abc import Mapping

from builder.errors import FormulaInvalid
from builder.formula.problems import problem_of
from builder.formula.read import STAND_IN, Items, Node, Table, Text, read
from builder.formula.schema import (
    Document,
    ImageMap,
    Plain,
    PluginMap,
    ShortForm,
    check,
)
from builder.formula.template import fill
from builder.formula.twice import named_twice
from builder.model.formula import (
    Bundle,
    DebianBase,
    Formula,
    ImageWishes,
    Place,
    Placement,
    Problem,
    Repository,
    TrialWishes,
    Wish,
)
from builder.model.plugin import Coordinates, PluginId


def formula_from(text: str, *, file: str, values: Mapping[str, str]) -> Formula:
    """Read, check and assemble.

    Raises:
        FormulaInvalid: with every problem, by place.
    """
    filled = fill(text, file=file, values=values)
    reading = read(filled.text, filled.place)
    problems = [*filled.problems, *reading.problems]
    if reading.tree is not None:
        checked = check(_plain(reading.tree, {}))
        problems += named_twice(reading.tree)
        if isinstance(checked, Document) and not problems:
            return _formula(checked, reading.tree, file)
        if not isinstance(checked, Document):
            problems += [problem_of(each, reading.tree) for each in checked]
    raise FormulaInvalid(problems=_sorted(problems))


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    """Sort by place; what only a missing value brought about goes."""
    own = {each for each in problems if STAND_IN not in each.found + each.path}
    own = own or set(problems)  # a formula may hold that character itself
    return tuple(sorted(own, key=lambda each: (each.place, each.path, each.found, each.wanted)))


def _plain(node: Node, known: dict[int, Plain]) -> Plain:
    """Leave the places out; what an alias repeats is made once, however often it comes."""
    if isinstance(node, Text):
        return node.value
    plain = known.get(id(node))
    if plain is None:
        if isinstance(node, Items):
            plain = [_plain(each, known) for each in node.nodes]
        else:
            plain = {key.value: _plain(value, known) for key, value in node.entries}
        known[id(node)] = plain
    return plain


def _formula(document: Document, tree: Node, file: str) -> Formula:
    bundle, war, trial = document.bundle, document.war, document.verify
    return Formula(
        file=file,
        bundle=Bundle(
            group=bundle.group_id,
            artifact=bundle.artifact_id,
            version=bundle.version,
            title=bundle.title,
            vendor=bundle.vendor,
            description=bundle.description,
        ),
        war=Coordinates(war.group_id, war.artifact_id, war.source.version, "war"),
        plugins=tuple(
            _wish(plugin, place)
            for plugin, place in zip(document.plugins, _plugin_places(tree), strict=True)
        ),
        repositories=tuple(Repository(id=each.id, url=each.url) for each in document.repositories),
        image=_image(document.image),
        trial=TrialWishes(memory=trial.memory, timeout_s=trial.timeout),
    )


def _wish(plugin: ShortForm | PluginMap, place: Place) -> Wish:
    if isinstance(plugin, PluginMap):
        return Wish(
            plugin=PluginId(plugin.artifact_id),
            version=plugin.source.version,
            group=plugin.group_id,
            place=place,
        )
    name, version = plugin
    return Wish(plugin=PluginId(name), version=version, group=None, place=place)


def _plugin_places(tree: Node) -> tuple[Place, ...]:
    entry = tree.find("plugins") if isinstance(tree, Table) else None
    nodes = entry[1].nodes if entry and isinstance(entry[1], Items) else ()
    return tuple(each.place for each in nodes)


def _image(image: ImageMap) -> ImageWishes:
    base = image.base
    return ImageWishes(
        base=DebianBase(suite=base.debian, packages=tuple(base.packages), mirror=base.mirror),
        layout=image.layout,
        env=tuple(sorted(image.env.items())),
        java_options=tuple(image.java.options),
        files=tuple(Placement(source=each.source, target=each.target) for each in image.files),
        tags=tuple(image.tags),
    )
