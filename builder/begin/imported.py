"""Formulas out of plugin lists, packager's files and images; what cannot be kept stays as comment.

The text of a person is kept as it is, comments and all: only lines that no formula takes are
commented out, each below its reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import PurePosixPath
from typing import TypeAlias

import yaml
from msgspec import Struct
from msgspec.structs import replace

from builder import formula as formulas
from builder.begin.stock import Stock, stock
from builder.errors import FormulaInvalid
from builder.formula.template import fill, names
from builder.model.formula import Place, Problem
from builder.model.inventory import Contents, Inventory
from builder.model.lock import PinKind

_Span: TypeAlias = tuple[int, int]  # first and last line, counted from 0
_ROUNDS = 20  # a line that is commented out may leave a key behind that is empty
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
_BROUGHT = {PinKind.REQUIRED, PinKind.IMPLIED}
_WORDS = {"output": "load", "platform": "linux/amd64"}  # of jcli, for values nobody named yet
_NOTHING = "nothing"  # found, where something is missing
_PLAIN = re.compile(r"[A-Za-z0-9_.:+~/;=-]+")


class Imported(Struct, frozen=True, kw_only=True):
    """A formula, and what of the source is not in it."""

    text: str
    dropped: tuple[Problem, ...]
    missing: tuple[Problem, ...] = ()  # what a build needs, and neither says


def from_list(text: str, file: str, wished: Stock) -> Imported:
    """Make a formula of a plugin list.

    Args:
        text: of ``plugins.txt`` or ``plugins.yaml``; the ending of ``file`` decides.
        file: as the user named it.
        wished: what a list does not say.
    """
    head = stock(wished, about=f"Made of {PurePosixPath(file).name} by jbuild import.")
    if PurePosixPath(file).suffix != ".txt":
        return from_formula(f"{head}\n{text}", file)
    lines = text.removeprefix("\ufeff").splitlines()
    dropped: list[Problem] = []
    entries = [each for line in enumerate(lines, 1) for each in _entry(*line, file, dropped)]
    made = f"{head}\nplugins:\n" + "\n".join(f"  {each}".rstrip() for each in entries) + "\n"
    checked = from_formula(made, file)
    return replace(checked, dropped=(*dropped, *checked.dropped))


def from_packed(held: Contents, reference: str, wished: Stock) -> Imported:
    """Make a formula of an image: every plugin at its version; of a lock the wishes alone."""
    if isinstance(held, Inventory):
        pins = [f"{each.plugin}:{each.version}" for each in held.plugins]
    else:
        kept = (
            each for each in held.plugins if each.kind not in {PinKind.REQUIRED, PinKind.IMPLIED}
        )
        pins = [f"{each.plugin}:{each.version}" for each in kept]
    head = stock(
        wished, about=f"Made of the image {reference} by jbuild import: its plugins alone."
    )
    listed = "".join(f"  - {each}\n" for each in pins)
    return Imported(text=f"{head}\nplugins:{' []' * (not pins)}\n{listed}", dropped=())


def from_formula(text: str, file: str) -> Imported:
    """Take the packager's, jcli's or our own file: comment out what no build obeys.

    Raises:
        FormulaInvalid: what is wrong cannot be left out.
    """
    dropped: list[Problem] = []
    for _ in range(_ROUNDS):
        found = _problems(text, file)
        problems = tuple(each for each in found if not _is_missing(each))
        if not problems:
            return Imported(text=text, dropped=tuple(dropped), missing=found)
        text = _without(text, problems)
        dropped += problems
    raise FormulaInvalid(problems=tuple(problems))


def _entry(number: int, line: str, file: str, dropped: list[Problem]) -> Iterator[str]:
    """Give the lines of a formula's list for one of plugins.txt."""
    said, hash_sign, comment = line.strip().partition("#")
    if not said.strip():
        yield f"# {comment.strip()}" if hash_sign else ""
        return
    try:
        wishes = formulas.plugin_list(line, file="line.txt")
    except FormulaInvalid as fault:
        for each in fault.problems:
            dropped.append(replace(each, place=Place(file, number, each.place.column)))
            yield f"# not kept: {each.found}; wanted was {each.wanted}"
        yield f"# {line.strip()}"
        return
    if wishes:
        entry = "".join(re.split(r"\s#", line, maxsplit=1)[0].split())
        told = f" # {comment.strip()}" if hash_sign and "#" not in entry else ""
        yield f"- {entry if _PLAIN.fullmatch(entry) else _quoted(entry)}{told}"


def _quoted(entry: str) -> str:
    return "'" + entry.replace("'", "''") + "'"


def _problems(text: str, file: str) -> tuple[Problem, ...]:
    try:
        return formulas.parse(text, file=file, values=_values(text)).unbuilt
    except FormulaInvalid as fault:
        return fault.problems


def _values(text: str) -> dict[str, str]:
    return {name: _WORDS.get(name, "x") for name in names(text)}


def _is_missing(problem: Problem) -> bool:
    """Say whether the formula reads well without it, and only a build asks for it."""
    return problem.found == _NOTHING and problem.path == "image.base"


def _without(text: str, problems: Iterable[Problem]) -> str:
    """Comment out what problems are about.

    Raises:
        FormulaInvalid: one of them is about nothing that could be left out.
    """
    filled = fill(text, file="", values=_values(text)).text
    try:
        root = yaml.compose(filled, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise FormulaInvalid(problems=tuple(problems)) from fault
    reasons: dict[_Span, Problem] = {}
    filled_lines = filled.splitlines()
    for each in problems:
        span = _span(root, each, filled_lines) if each.path else None
        if span is None:
            raise FormulaInvalid(problems=tuple(problems))
        reasons.setdefault(span, each)
    lines = text.splitlines()
    for (first, last), why in sorted(_outermost(reasons).items(), reverse=True, key=itemgetter(0)):
        while last > first and not lines[last].strip().partition("#")[0]:
            last -= 1  # noqa: PLW2901  # blank lines and comments belong to what follows
        blank = re.match(r"\s*", lines[first])
        indent = blank[0] if blank else ""
        said = f"{indent}# not kept: {why.path}: {why.found}; wanted was {why.wanted}"
        lines[first : last + 1] = [
            said,
            *(_comment(each, indent) for each in lines[first : last + 1]),
        ]
    return "\n".join(lines) + "\n"


def _outermost(reasons: Mapping[_Span, Problem]) -> Mapping[_Span, Problem]:
    """Leave out what lies within something else that goes, too."""
    return {
        (first, last): why
        for (first, last), why in reasons.items()
        if not any(a <= first and last <= b and (a, b) != (first, last) for a, b in reasons)
    }


def _comment(line: str, indent: str) -> str:
    return f"{indent}# {line.removeprefix(indent)}"


def _span(root: yaml.Node | None, problem: Problem, lines: list[str]) -> _Span | None:
    """Find the lines of what a problem is about: a whole plugin or hook, else the one key."""
    node, found = root, None
    for step in _STEP.findall(problem.path):
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == step), None)
            if pair is None:
                return found
            node = pair[1]
            found = _lines(lines, pair[0], node)
        elif isinstance(node, yaml.SequenceNode) and step.startswith("["):
            index = int(step[1:-1])
            if index >= len(node.value):
                return found
            node = node.value[index]
            return _lines(lines, node, node)
        else:
            return found
    return found


def _lines(lines: list[str], first: yaml.Node, last: yaml.Node) -> _Span:
    """Give the lines from one node to the end of another."""
    start, end = first.start_mark.line, last.end_mark.line
    before = lines[end][: last.end_mark.column] if end < len(lines) else ""
    return start, end - (end > start and not before.strip())  # a block ends where the next begins
