"""A formula above another one: ``extends`` names the one below, and only what differs is written.

Maps are joined key by key, a key without a value takes away what stands below, anything else
replaces it. ``plugins`` are joined by id, and ``without`` names those that are left out. Every
node keeps the place in its own file.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from builder.formula.near import did_you_mean
from builder.formula.spelling import spell, spell_text
from builder.formula.tree import Items, Node, Table, Text, find, is_empty
from builder.model.formula import Problem

EXTENDS, WITHOUT, PLUGINS = "extends", "without", "plugins"
_ASKS = re.compile(rf"(?m)^{EXTENDS}[ \t]*:")  # saves reading those that extend nothing twice
_FIRST_LAYER = "this key only beside extends: here is nothing to leave out"


class Layer(Struct, frozen=True, kw_only=True):
    """The text of one formula of a chain."""

    text: str
    file: str  # as problems name it


def may_extend(text: str) -> bool:
    """Say whether a formula can name another; one that cannot is not looked into."""
    return _ASKS.search(text) is not None


def laid_over(below: Node, above: Node) -> Node:
    """Give what both say together."""
    if not isinstance(below, Table) or not isinstance(above, Table):
        return above
    left_out = set(_ids(find(above, WITHOUT)))
    entries = {key.value: (key, value) for key, value in below.entries}
    for key, value in above.entries:
        under = entries.get(key.value)
        if under and key.value == PLUGINS:
            entries[key.value] = (key, _plugins(under[1], value))
        elif under and is_empty(value) and isinstance(value, Text):
            del entries[key.value]
        else:
            entries[key.value] = (key, _joined(under[1], value) if under else value)
    if left_out and (listed := entries.get(PLUGINS)):
        entries[PLUGINS] = (listed[0], _left(listed[1], left_out))
    return Table(tuple(entries.values()), above.place)


def misplaced(below: Node | None, above: Node) -> Iterator[Problem]:
    """Report what is to be left out and is not there."""
    entry = find(above, WITHOUT)
    if entry is None:
        return
    if below is None:
        yield Problem(
            place=entry[0].place, path=WITHOUT, found=spell(entry[1]), wanted=_FIRST_LAYER
        )
        return
    listed = find(below, PLUGINS)
    nodes = listed[1].nodes if listed and isinstance(listed[1], Items) else ()
    there = {name for each in nodes if (name := _id(each))}
    for index, name in enumerate(_ids(entry)):
        if name not in there and isinstance(entry[1], Items):
            hint = did_you_mean(name, there, "the plugin")
            yield Problem(
                place=entry[1].nodes[index].place,
                path=f"{WITHOUT}[{index}]",
                found=spell_text(name),
                wanted=f"a plugin of the formula below{hint}",
            )


def _joined(below: Node, above: Node) -> Node:
    return laid_over(below, above) if isinstance(above, Table) else above


def _plugins(below: Node, above: Node) -> Node:
    """Put each plugin in the place that it had; new ones come last."""
    if not isinstance(below, Items) or not isinstance(above, Items):
        return above
    new = {_id(each): each for each in reversed(above.nodes)}
    repeated = [each for each in above.nodes if new[_id(each)] is not each]  # told of later
    kept = [new.pop(_id(each), each) for each in below.nodes]
    added = (each for each in above.nodes if _id(each) in new and each not in repeated)
    return Items((*kept, *added, *repeated), above.place)


def _left(listed: Node, names: set[str]) -> Node:
    if not isinstance(listed, Items):
        return listed
    return Items(tuple(each for each in listed.nodes if _id(each) not in names), listed.place)


def _ids(entry: tuple[Text, Node] | None) -> list[str]:
    nodes = entry[1].nodes if entry and isinstance(entry[1], Items) else ()
    return [each.value if isinstance(each, Text) else "" for each in nodes]


def _id(plugin: Node) -> str | None:
    """Tell the id of a plugin in either form; None where there is none to be told."""
    if isinstance(plugin, Text):
        return plugin.value.partition(":")[0]
    named = find(plugin, "artifactId")
    return named[1].value if named and isinstance(named[1], Text) else None
