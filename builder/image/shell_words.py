"""Words of a Dockerfile: split at blanks, quotes taken off, variables filled in.

Source: the classic builder, ``parser/line_parsers.go`` and ``shell/lex.go``.
"""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")
_IN_DOUBLE = frozenset('"$\\')


def split(text: str) -> tuple[str, ...]:
    """Split at blanks that are neither quoted nor escaped; quotes stay where they are."""
    words, word, quote = [], "", ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'" and at + 1 < len(text):
            word += text[at : at + 2]
            at += 2
            continue
        if char in "\"'" and quote in {"", char}:
            quote = "" if quote else char
        if char.isspace() and not quote:
            words.append(word)
            word = ""
        else:
            word += char
        at += 1
    return tuple(each for each in (*words, word) if each)


def plain(word: str, variables: Mapping[str, str]) -> str:
    """Take quotes and escapes off and fill variables in; an unknown one is empty.

    Raises:
        ValueError: a quote is left open, or a dollar sign begins no plain variable.
    """
    found, quote, at = [], "", 0
    while at < len(word):
        piece, quote, at = _piece(word, at, quote, variables)
        found.append(piece)
    if quote:
        raise ValueError(word)
    return "".join(found)


def _piece(word: str, at: int, quote: str, variables: Mapping[str, str]) -> tuple[str, str, int]:
    """Read on: what comes of it, the quote that is open then, and where to go on."""
    char = word[at]
    if char == "\\" and quote != "'" and at + 1 < len(word):
        escaped = word[at + 1]
        kept = "" if not quote or escaped in _IN_DOUBLE else "\\"
        return kept + escaped, quote, at + 2
    if char in "\"'" and quote in {"", char}:
        return "", "" if quote else char, at + 1
    if char == "$" and quote != "'":
        variable = _NAME.match(word, at)
        if not variable:
            raise ValueError(word)
        return variables.get(variable[1] or variable[2], ""), quote, variable.end()
    return char, quote, at + 1


def pairs(text: str, variables: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Read what ENV and LABEL take: ``NAME=VALUE ...``, or ``NAME VALUE`` as of old.

    Raises:
        ValueError: a name without a value, or as for ``plain``.
    """
    words = split(text)
    if "=" not in words[0]:
        name, _, value = text.partition(" ")
        if not value.strip():
            raise ValueError(text)
        return ((plain(name, variables), plain(value.strip(), variables)),)
    found = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise ValueError(word)
        found.append((plain(name, variables), plain(value, variables)))
    return tuple(found)
