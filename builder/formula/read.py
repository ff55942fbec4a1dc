"""YAML text to a tree of raw scalars, each with its place.

Scalars stay what was typed: ``1.20`` is no number and ``yes`` no truth value. What YAML allows and
a formula does not need is refused here: a key twice, several documents, tags, merge keys.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml
from msgspec import Struct

from builder.formula.tree import STAND_IN, Items, Node, Table, Text
from builder.model.formula import Place, Problem

DEEPEST = 32  # levels; a formula needs six
_TEXT_TAGS = {None, "!", "tag:yaml.org,2002:str"}


class Reading(Struct, frozen=True, kw_only=True):
    """What stands in a text; ``tree`` is None where it is no YAML, or nothing."""

    tree: Node | None
    problems: tuple[Problem, ...]


def read(text: str, place_at: Callable[[int], Place], *, wanted: str) -> Reading:
    """Read one YAML document.

    Args:
        text: the file with all placeholders filled.
        place_at: tells the place of a character of ``text`` by its index.
        wanted: what an empty text should have been.
    """
    reader = _Reader(place_at)
    try:
        for event in _events(text):
            reader.take(event)
    except _StopReading as stop:
        reader.refuse(place_at(stop.index), stop.found, stop.wanted)
        return Reading(tree=None, problems=tuple(reader.problems))
    if reader.root is None or (isinstance(reader.root, Text) and not reader.root.value):
        reader.refuse(place_at(0), "nothing", wanted)
        return Reading(tree=None, problems=tuple(reader.problems))
    return Reading(tree=reader.root, problems=tuple(reader.problems))


class _StopReading(Exception):
    """Nothing after this point can be understood."""

    def __init__(self, index: int, found: str, wanted: str) -> None:
        super().__init__(found)
        self.index = index
        self.found = found
        self.wanted = wanted


def _events(text: str) -> Iterator[yaml.Event]:
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        while loader.check_event():
            yield loader.get_event()  # type: ignore[no-untyped-call]  # types-PyYAML left it out
    except yaml.reader.ReaderError as error:
        found = f"the character U+{ord(text[error.position]):04X}"
        raise _StopReading(error.position, found, "characters that YAML allows") from error
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(text, error) from error
    except (ValueError, OverflowError) as error:  # PyYAML lets chr() and int() fail by themselves
        index = loader.get_mark().index if loader else 0
        raise _StopReading(index, "a number that is too large", "YAML") from error


def _not_yaml(text: str, error: yaml.MarkedYAMLError) -> _StopReading:
    mark = error.problem_mark or error.context_mark
    index = min(mark.index, len(text)) if mark else 0
    line = text[: index + 1].rpartition("\n")[2]
    if "\t" in line[: len(line) - len(line.lstrip())] or text[index : index + 1] == "\t":
        return _StopReading(index, "a tab", "blanks: YAML forbids tabs before the text of a line")
    said = ", ".join(each for each in (error.problem, error.context) if each)
    return _StopReading(index, said, "YAML")


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not come yet; a map holds keys and values in turn."""

    place: Place
    anchor: str | None
    is_map: bool
    nodes: list[Node] = field(default_factory=list)


class _Reader:
    """Puts events together; recursion is left out, so that no depth can break it."""

    def __init__(self, place_at: Callable[[int], Place]) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._place_at = place_at
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def refuse(self, place: Place, found: str, wanted: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(place=place, path="", found=found, wanted=wanted))

    def take(self, event: yaml.Event) -> None:
        """Take the next event of the text."""
        index = event.start_mark.index if event.start_mark else 0
        place = self._place_at(index)
        match event:
            case yaml.DocumentStartEvent():
                self._count_document(index)
            case yaml.AliasEvent():
                self._add(self._aliased(event.anchor or "", place), None)
            case yaml.ScalarEvent():
                self._check_tag(event.tag, place)
                self._add(Text(self._sound(event.value, place), place), event.anchor)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._check_depth(index)
                self._begin(event, place)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                ended = self._open.pop()
                self._add(self._finish(ended), ended.anchor)
            case _:
                pass  # the ends of documents and of the stream say nothing

    def _count_document(self, index: int) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _StopReading(index, "a second document", "one document a file")

    def _check_depth(self, index: int) -> None:
        if len(self._open) == DEEPEST:
            wanted = f"at most {DEEPEST} levels"
            raise _StopReading(index, "lists and maps deep inside others", wanted)

    def _begin(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        self._check_tag(event.tag, place)
        is_map = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(place, event.anchor, is_map))

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _aliased(self, name: str, place: Place) -> Node:
        """Find what an alias stands for; inside its own anchor there is nothing yet."""
        if name not in self._anchors:
            self.refuse(place, f"*{name}", f"an anchor &{name} whose text has ended before")
        return self._anchors.get(name, Text(STAND_IN, place))

    def _check_tag(self, tag: str | None, place: Place) -> None:
        if tag not in _TEXT_TAGS:
            self.refuse(place, f"the tag {tag}", "no tags")

    def _sound(self, value: str, place: Place) -> str:
        """Let nothing pass that could not be written down again."""
        clean = value.encode("utf-8", "replace").decode("utf-8")
        if clean != value:
            self.refuse(place, "half a character", "whole characters, no surrogates")
        return clean

    def _finish(self, ended: _Open) -> Node:
        if not ended.is_map:
            return Items(tuple(ended.nodes), ended.place)
        entries: dict[str, tuple[Text, Node]] = {}
        for key, value in zip(ended.nodes[::2], ended.nodes[1::2], strict=True):
            if not isinstance(key, Text):
                self.refuse(key.place, "a list or map as a key", "a key that is text")
            elif key.value == "<<":
                self.refuse(key.place, "<<", "the keys themselves: merge keys are not read")
            elif key.value in entries:
                first = entries[key.value][0].place
                found = f'"{key.value}" a second time'
                self.refuse(key.place, found, f"each key once; the first stands at {first}")
            else:
                entries[key.value] = (key, value)
        return Table(tuple(entries.values()), ended.place)
