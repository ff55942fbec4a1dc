"""How a problem shows what the user typed: short, without secrets, on one line."""

import re
import unicodedata

from builder.formula.read import Items, Node, Text

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


def redacted(text: str) -> str:
    """Hide users, passwords and queries of the URLs in a text."""
    return _QUERY.sub(r"\1?***", _USER.sub("//***@", text))
