"""Plugin lists of other tools, plugins.txt and plugins.yaml, to wishes.

A list of text is read here, and says a plugin in a line; ``plugin_map`` reads one of YAML. The
ending of the file's name decides, as it does there.

Source: plugin-installation-manager-tool, ``PluginListParser``.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder.errors import FormulaInvalid
from builder.formula.spelling import by_place, spell_text
from builder.formula.wished import short_form, wish
from builder.model.formula import Place, Problem, Wish
from builder.model.plugin import PluginId

_BREAK = re.compile(r"\r\n|\n|\r")
_BLANK = " \t\v\f"  # what Java's ``\s`` means on one line
_BLANKS = re.compile(f"[{_BLANK}]+")
_COMMENT = re.compile(f"[{_BLANK}]#.*")
_GLUED = "; a comment needs a blank before its #"


class PluginList(Struct, frozen=True, kw_only=True):
    """What a list says."""

    wishes: tuple[Wish, ...]  # in the order of the file, each plugin once
    notes: tuple[Problem, ...]  # what stands there again and makes no difference


def plugin_list(text: str, *, file: str) -> tuple[Wish, ...]:
    """Read a plugin list.

    Args:
        text: the whole file.
        file: how the user named it: for places, and for the ending ``.txt``, ``.yaml`` or ``.yml``.

    Returns:
        The wishes in the order of the file; what stands there twice comes once.

    Raises:
        FormulaInvalid: with every problem at once, each with its place, by place.
    """
    return read_list(text, file=file).wishes


def typed_list(entries: Iterable[str], *, option: str) -> tuple[Wish, ...]:
    """Read entries off the command line, each as one line of a ``.txt`` list.

    Args:
        entries: such as ``git:5.2.2``; the first stands on line 1 of the place.
        option: they were given with, for places.

    Raises:
        FormulaInvalid: as ``plugin_list`` does.
    """
    return each_once(_lines("\n".join(entries), option)).wishes


def read_list(text: str, *, file: str) -> PluginList:
    """Read a plugin list, and note what it says twice.

    Raises:
        FormulaInvalid: as ``plugin_list`` does.
    """
    text = text.removeprefix("\ufeff")
    ending = PurePosixPath(file).suffix
    if ending == ".txt":
        return each_once(_lines(text, file))
    if ending in {".yaml", ".yml"}:
        from builder.formula.plugin_map import entries  # noqa: PLC0415  YAML is slow to import

        return each_once(entries(text, file=file))
    found = f"the ending {ending}" if ending else "no ending"
    wanted = ".txt, .yaml or .yml at the end of its name, in small letters"
    problem = Problem(place=Place(file, 1, 1), path="", found=found, wanted=wanted)
    raise FormulaInvalid(problems=(problem,))


def each_once(entries: Iterable[Wish | Problem]) -> PluginList:
    """Let every plugin stand once.

    Raises:
        FormulaInvalid: there are problems, or a plugin comes twice and differs.
    """
    problems: list[Problem] = []
    notes: list[Problem] = []
    firsts: dict[PluginId, Wish] = {}
    for each in entries:
        if isinstance(each, Problem):
            problems.append(each)
        elif (first := firsts.setdefault(each.plugin, each)) is not each:
            again = is_same(first, each)
            (notes if again else problems).append(_repeated(first, each, is_same=again))
    if problems:
        raise FormulaInvalid(problems=by_place(problems))
    return PluginList(wishes=tuple(firsts.values()), notes=by_place(notes))


def is_same(one: Wish, other: Wish) -> bool:
    """Say whether two wishes ask for the same, wherever they stand."""
    return replace(one, place=other.place) == other


def _repeated(first: Wish, again: Wish, *, is_same: bool) -> Problem:
    found, wanted = f"{again.plugin} a second time", f"each once; the first stands at {first.place}"
    if not is_same:
        found = f"{again.plugin}, which differs from what {first.place} says"
        wanted = "one of the two: nothing says which of them counts"
    return Problem(place=again.place, path="", found=found, wanted=wanted)


def _lines(text: str, file: str) -> Iterator[Wish | Problem]:
    for number, line in enumerate(_BREAK.split(text), start=1):
        entry = _BLANKS.sub("", _COMMENT.sub("", line))
        if entry and not entry.startswith("#"):
            column = len(line) - len(line.lstrip(_BLANK)) + 1
            yield _entry(entry, Place(file, number, column))


def _entry(entry: str, place: Place) -> Wish | Problem:
    try:
        plugin, ask = short_form(entry)
    except ValueError as fault:
        glued = _GLUED if "#" in entry and "://" not in entry else ""
        wanted = f"{fault}{glued}"
        return Problem(place=place, path="", found=spell_text(entry), wanted=wanted)
    return wish(plugin, ask, place)
