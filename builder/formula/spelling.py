"""How a problem shows what the user typed: short, without secrets, on one line, by its place."""

import re
import unicodedata
from collections.abc import Iterable

from builder.formula.tree import STAND_IN, Items, Node, Text
from builder.model.formula import Problem

_LONGEST = 120  # characters of the user's text in one problem
_USER = re.compile(r"//[^/\s]*@")
_QUERY = re.compile(r"(://[^?\s]*)\?\S*")


def spell(node: Node) -> str:
    """Say what a node is: its text, or what it is a kind of."""
    if not isinstance(node, Text):
        return "a list" if isinstance(node, Items) else "a map"
    return spell_text(node.value)


def spell_text(text: str) -> str:
    """Make a text fit to be shown."""
    clean = "".join(
        each if unicodedata.category(each) not in {"Cc", "Zl", "Zp"} else ascii(each)[1:-1]
        for each in redacted(text)
    )
    if len(clean) > _LONGEST:
        clean = f"{clean[:_LONGEST]}..."
    return clean or "nothing"


def spell_path(location: tuple[str | int, ...]) -> str:
    """Spell a location such as ``plugins[3].source.version``."""
    steps = (f"[{e}]" if isinstance(e, int) else f".{spell_text(e)}" for e in location)
    return "".join(steps).removeprefix(".")


def redacted(text: str) -> str:
    """Hide users, passwords and queries of the URLs in a text."""
    return _QUERY.sub(r"\1?***", _USER.sub("//***@", text))


def by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort, each once; what only a missing value brought about goes."""
    found = set(problems)
    own = {each for each in found if STAND_IN not in each.found + each.path}
    own = own or found  # a file may hold that character itself
    return tuple(sorted(own, key=lambda each: (each.place, each.path, each.found, each.wanted)))
