"""A rendered Dockerfile as instructions: all that can be carried out without running anything.

Source: the Dockerfile reference, and for odd spellings the classic builder's own parser.
"""

import json
import re

from msgspec import Struct

from builder.errors import FormulaInvalid
from builder.model.formula import Place, Problem

NAME = "Dockerfile"
TAKEN = (
    *("FROM", "COPY", "ENV", "LABEL", "USER", "EXPOSE", "VOLUME"),
    *("ENTRYPOINT", "CMD", "WORKDIR"),
)
_JSON = frozenset({"COPY", "VOLUME", "ENTRYPOINT", "CMD"})
_FLAGS = {"COPY": frozenset({"chown"})}
_FLAG = re.compile(r"--([a-z]+)=(\S*)\s+")
_ESCAPE = re.compile(r"#\s*escape\s*=\s*(?!\\\s*$)", re.IGNORECASE)
_WILD = re.compile(r"[*?\[]")


class Instruction(Struct, frozen=True, kw_only=True):
    """One instruction."""

    line: int  # where it begins
    word: str  # upper case
    text: str  # all that follows the word, lines joined
    flags: tuple[tuple[str, str], ...] = ()
    listed: tuple[str, ...] | None = None  # the operands, where they are JSON
    rest: str = ""  # the operands, where they are none


def parse(text: str) -> tuple[Instruction, ...]:
    """Read a Dockerfile of one stage.

    Raises:
        FormulaInvalid: something that would have to run, or that only another engine takes;
            every such line at once.
    """
    read = [_instruction(line, content) for line, content in _logical(text)]
    problems = [each for each in read if isinstance(each, Problem)]
    found = [each for each in read if isinstance(each, Instruction)]
    problems += _misplaced(found)
    if problems:
        raise FormulaInvalid(problems=tuple(sorted(problems, key=lambda each: each.place.line)))
    return tuple(found)


def _logical(text: str) -> list[tuple[int, str]]:
    """Join lines that end in a backslash; leave comments and blank lines out."""
    found: list[tuple[int, str]] = []
    begun, open_line = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if _ESCAPE.match(bare) and not found:
            found.append((number, bare))
        if not bare or bare.startswith("#"):
            continue
        open_line = open_line or number
        if bare.endswith("\\"):
            begun += line.rstrip()[:-1]
            continue
        found.append((open_line, (begun + line).strip()))
        begun, open_line = "", 0
    return [*found, (open_line, begun.strip())] if begun.strip() else found


def _instruction(line: int, content: str) -> Instruction | Problem:
    word, _, text = content.partition(" ")
    word, text = word.upper(), text.strip()
    if word not in TAKEN:
        return _problem(line, content, f"{', '.join(TAKEN)}: nothing can be run without an engine")
    if not text:
        return _problem(line, content, f"an operand of {word}")
    flags, rest = [], text
    while found := _FLAG.match(rest):
        flags.append((found[1], found[2]))
        rest = rest[found.end() :]
    unknown = {name for name, _ in flags} - _FLAGS.get(word, frozenset())
    if unknown or rest.startswith("--"):
        return _problem(line, content, f"{word} without options, or COPY --chown=UID:GID")
    listed = _listed(rest) if word in _JSON else None
    made = Instruction(
        line=line, word=word, text=text, flags=tuple(flags), listed=listed, rest=rest
    )
    return _fault(made, content) or made


def _fault(made: Instruction, content: str) -> Problem | None:
    """Tell what only another engine takes."""
    if made.word == "FROM" and len(made.rest.split()) > 1:
        return _problem(made.line, content, "one stage: FROM and the base's name")
    if made.word == "COPY":
        sources = (made.rest.split() if made.listed is None else list(made.listed))[:-1]
        if not sources or any(_WILD.search(each) for each in sources):
            return _problem(made.line, content, "COPY of files and folders by their full names")
    return None


def _listed(text: str) -> tuple[str, ...] | None:
    """Read a JSON list of texts; what is none counts as plain words, as the builders have it."""
    if not text.startswith("["):
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tuple(read) if all(isinstance(each, str) for each in read) else None


def _misplaced(found: list[Instruction]) -> list[Problem]:
    """Tell where FROM is missing, or comes twice."""
    if not found:
        return [_problem(1, "nothing", "FROM")]
    first, *others = found
    wrong = [each for each in others if each.word == "FROM"]
    if first.word != "FROM":
        wrong.insert(0, first)
    wanted = "one FROM, as the first instruction"
    return [_problem(each.line, f"{each.word} {each.text}", wanted) for each in wrong]


def _problem(line: int, found: str, wanted: str) -> Problem:
    return Problem(place=Place(NAME, line, 1), path="", found=found, wanted=wanted)
