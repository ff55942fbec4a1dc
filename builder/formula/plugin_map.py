"""A plugin list of YAML: ``plugins:`` and below it ``artifactId``, ``groupId`` and ``source``.

Written by hand, since pydantic costs more than the list takes to read. What the other tool lets
pass, a broken file, no list, a mistyped key, is an error here: it would mean an empty set.

Source: plugin-installation-manager-tool, ``PluginListParser.parsePluginYamlFile``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from builder.formula.near import did_you_mean
from builder.formula.read import read
from builder.formula.spelling import spell
from builder.formula.template import places_in
from builder.formula.texts import FILE_URL, MAVEN_ID, PLUGIN, Kind, Value
from builder.formula.tree import Items, Node, Table, Text, is_empty
from builder.formula.wished import WHICH, Ask, at, wish
from builder.model.formula import Mode, Place, Problem, Wish
from builder.model.plugin import PluginId

_WHOLE = 'a map: "plugins:" and a list below it'
_LIST = "a list, or [] where there are none"
_ENTRY = "a map with artifactId, and groupId and source where they are needed"
_BUILT = "a version: with groupId beside it, it comes from a Maven repository"


def entries(text: str, *, file: str) -> Iterator[Wish | Problem]:
    """Read every entry, or say what is wrong with it."""
    reading = read(text, places_in(text, file=file), wanted=_WHOLE)
    yield from reading.problems
    if isinstance(reading.tree, Table):
        yield from _unknown(reading.tree, "", ("plugins",))
        yield from _plugins(reading.tree)
    elif reading.tree is not None:
        wanted = f"{_WHOLE}: write that key above it" if isinstance(reading.tree, Items) else _WHOLE
        yield _problem(reading.tree.place, "", spell(reading.tree), wanted)


def _plugins(tree: Table) -> Iterator[Wish | Problem]:
    entry = tree.find("plugins")
    if entry is None:
        yield _problem(tree.place, "plugins", "nothing", "this key: it is required")
    elif not isinstance(entry[1], Items):
        yield _problem(entry[0].place, "plugins", spell(entry[1]), _LIST)
    else:
        for index, node in enumerate(entry[1].nodes):
            yield from _plugin(node, f"plugins[{index}]")


def _plugin(node: Node, path: str) -> Iterator[Wish | Problem]:
    if not isinstance(node, Table):
        yield _problem(node.place, path, spell(node), _ENTRY)
        return
    fields = _Fields(node, path)
    name = fields.text("artifactId", PLUGIN)
    group = fields.text("groupId", MAVEN_ID)
    source = fields.inner("source")
    version = source.text("version", WHICH) if source else None
    url = source.text("url", FILE_URL) if source else None
    ask = version or Ask()
    if group and not url:
        ask = replace(ask, group=group)
        if ask.mode is not Mode.PINNED:
            yield _problem(*(source or fields).spot("version"), _BUILT)
    yield from _unknown(node, path, ("artifactId", "groupId", "source"))
    yield from fields.problems
    if source:
        yield from _unknown(source.table, source.path, ("version", "url"))
        yield from source.problems
    if name:
        yield wish(PluginId(name), at(url, ask) if url else ask, node.place, group)
    elif not any(each.path.endswith("artifactId") for each in fields.problems):
        yield _problem(node.place, f"{path}.artifactId", "nothing", "this key: it is required")


@dataclass(slots=True)
class _Fields:
    """Reads the fields of one map, and keeps what is wrong with them."""

    table: Table
    path: str
    problems: list[Problem] = field(default_factory=list)

    def text(self, key: str, kind: Kind[Value]) -> Value | None:
        """Read a text; None where it is left out, empty, or wrong."""
        entry = self.table.find(key)
        if entry is None or is_empty(entry[1]):
            return None
        try:
            return kind.read(entry[1].value if isinstance(entry[1], Text) else "")
        except ValueError as fault:
            place, path, found = self.spot(key)
            wanted = str(fault) if isinstance(entry[1], Text) else "text"
            self.problems.append(_problem(place, path, found, wanted))
            return None

    def inner(self, key: str) -> "_Fields | None":
        """Go into a map; None where it is left out, empty, or something else."""
        entry = self.table.find(key)
        if entry is None or is_empty(entry[1]):
            return None
        if isinstance(entry[1], Table):
            return _Fields(entry[1], f"{self.path}.{key}")
        self.problems.append(_problem(*self.spot(key), "a map with version or url"))
        return None

    def spot(self, key: str) -> tuple[Place, str, str]:
        """Tell where a key is or would be, how to call it, and what is found there."""
        entry = self.table.find(key)
        place = entry[1].place if entry else self.table.place
        return place, f"{self.path}.{key}", spell(entry[1]) if entry else "nothing"


def _unknown(table: Table, path: str, known: tuple[str, ...]) -> Iterator[Problem]:
    for key, _ in table.entries:
        if key.value not in known:
            hint = did_you_mean(key.value, known, "the key")
            wanted = f"a known key{hint}" if hint else f"one of {', '.join(known)}"
            where = f"{path}.{spell(key)}".removeprefix(".")
            yield _problem(key.place, where, spell(key), wanted)


def _problem(place: Place, path: str, found: str, wanted: str) -> Problem:
    return Problem(place=place, path=path, found=found, wanted=wanted)
