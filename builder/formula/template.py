"""Fills ``{{.name}}`` and ``{{default "x" .name}}`` before YAML is parsed.

Values go in verbatim and keep to their line. Every later place is worked out here too, so that a
problem points at what stands in the user's file and not at what the values made of it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from builder.formula.near import did_you_mean
from builder.formula.tree import STAND_IN
from builder.model.formula import Place, Problem

_NAME = r"\.(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
_BLANKS = r"[ \t]*"
_KNOWN = (
    rf'\{{\{{{_BLANKS}(?:default[ \t]+"(?P<fallback>[^"\\\r\n]*)"[ \t]+)?{_NAME}{_BLANKS}\}}\}}'
)
_OTHER = r"\{\{(?:[^\r\n]*?\}\})?"
_PLACEHOLDER = re.compile(f"{_KNOWN}|{_OTHER}")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML ends a line with


class _Piece(Struct, frozen=True):
    """One placeholder: where it stood, and where its value stands now."""

    start: int
    end: int
    filled_start: int
    filled_end: int


class Filled(Struct, frozen=True, kw_only=True):
    """The text that YAML is to read, and the way back from it to the file."""

    text: str
    problems: tuple[Problem, ...]
    file: str
    lines: tuple[int, ...]  # where the lines of the file start
    pieces: tuple[_Piece, ...]  # in order

    def place(self, index: int) -> Place:
        """Tell where in the file the character ``index`` of ``text`` comes from."""
        return _place(self.file, self.lines, self._origin(index))

    def _origin(self, index: int) -> int:
        at = bisect_right(self.pieces, index, key=lambda piece: piece.filled_start) - 1
        if at < 0:
            return index
        piece = self.pieces[at]
        if index < piece.filled_end:
            return piece.start
        return piece.end + index - piece.filled_end


def fill(text: str, *, file: str, values: Mapping[str, str]) -> Filled:
    """Put the values in.

    Args:
        text: the formula as the user wrote it.
        file: its name, for places.
        values: by name; each has to be used.

    Returns:
        The filled text, in which ``STAND_IN`` stands for what could not be filled, with a
        problem for each such place and for each value that has no placeholder.
    """
    lines = _starts(text)
    parts: list[str] = []
    pieces: list[_Piece] = []
    problems = list(_unused(text, file, values))
    done = width = 0
    for match in _PLACEHOLDER.finditer(text):
        before, value = text[done : match.start()], _value(match, values)
        if isinstance(value, _Refusal):
            place = _place(file, lines, match.start())
            problems.append(Problem(place=place, path="", found=value.found, wanted=value.wanted))
            value = STAND_IN
        start = width + len(before)
        width, done = start + len(value), match.end()
        pieces.append(_Piece(match.start(), done, start, width))
        parts += [before, value]
    return Filled(
        text="".join([*parts, text[done:]]),
        problems=tuple(problems),
        file=file,
        lines=lines,
        pieces=tuple(pieces),
    )


def names(text: str) -> set[str]:
    """List the names of all placeholders."""
    return {match["name"] for match in _PLACEHOLDER.finditer(text) if match["name"]}


class _Refusal(Struct, frozen=True):
    """Why a placeholder cannot be filled."""

    found: str
    wanted: str


def _value(match: re.Match[str], values: Mapping[str, str]) -> str | _Refusal:
    name, fallback = match["name"], match["fallback"]
    if name is None:
        return _Refusal(match[0], 'a placeholder such as {{.name}} or {{default "x" .name}}')
    value = values.get(name, "" if fallback is not None else None)
    if value is None:
        hint = did_you_mean(name, values, "the value given as")
        return _Refusal(match[0], f'a value for "{name}"{hint}')
    if _BREAK.search(value):
        return _Refusal(match[0], f'a value for "{name}" that is one line')
    return value or fallback or ""  # as in Go's templates, an empty value takes the fallback


def _unused(text: str, file: str, values: Mapping[str, str]) -> Iterator[Problem]:
    """Report what was given and goes nowhere: most likely mistyped."""
    used = names(text)
    for name in sorted(values.keys() - used):
        hint = did_you_mean(name, used, "the placeholder")
        wanted = f"values only for placeholders of the formula{hint}"
        yield Problem(
            place=Place(file, 1, 1), path="", found=f'a value for "{name}"', wanted=wanted
        )


def places_in(text: str, *, file: str) -> Callable[[int], Place]:
    """Give the way from a character of a text without placeholders to its place."""
    lines = _starts(text)
    return lambda index: _place(file, lines, index)


def _starts(text: str) -> tuple[int, ...]:
    return (0, *(each.end() for each in _BREAK.finditer(text)))


def _place(file: str, lines: tuple[int, ...], index: int) -> Place:
    line = bisect_right(lines, index)
    return Place(file, line, index - lines[line - 1] + 1)
