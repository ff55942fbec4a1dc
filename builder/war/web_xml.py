"""Sets context parameters in ``WEB-INF/web.xml``; all else stays byte for byte.

They are what Jenkins' own SystemProperties look at where no ``-D`` says otherwise.
"""

import re
from collections.abc import Mapping
from html import escape
from xml.parsers import expat

from msgspec import Struct

NAME = "WEB-INF/web.xml"
_PARAMETER = "context-param"
# What the oldest schema has before them; newer ones take any order.
_BEFORE = {"icon", "display-name", "description", "distributable"}
_INDENT = re.compile(rb"(?:\r\n|\r|\n)[ \t]*\Z")
_CHILD, _GRANDCHILD = 2, 3  # how deep elements lie


class _Element(Struct, frozen=True):
    """A child of the root: its local name and where its bytes are."""

    name: str
    start: int
    end: int
    parameter: str  # the text of its ``param-name``


class _Root(Struct, frozen=True):
    """What there is to know of the file."""

    prefix: str  # such as ``j:``; mostly empty
    encoding: str
    children: tuple[_Element, ...]
    end: int  # where its end tag begins


def with_properties(content: bytes, properties: Mapping[str, str]) -> bytes:
    """Set each property, in the place of one of its name or behind all that are there.

    Raises:
        ValueError: it is no XML that can be changed; says why.
    """
    content = _opened(content)
    root = _read(content)
    edits: list[tuple[int, int, bytes]] = []
    missing = dict(properties)
    for each in root.children:
        if each.name == _PARAMETER and each.parameter in properties:
            value = missing.pop(each.parameter, None)  # a second one of its name goes
            indent = _indent_before(content, each.start)
            start = each.start if value is not None else each.start - len(indent)
            text = b"" if value is None else _spelled(each.parameter, value, root, indent)
            edits.append((start, each.end, text))
    if missing:
        edits.append(_added(content, root, missing))
    for start, end, text in sorted(edits, reverse=True):
        content = content[:start] + text + content[end:]
    return content


def properties_of(content: bytes) -> tuple[tuple[str, str], ...]:
    """List the context parameters as they stand there.

    Raises:
        ValueError: it is no XML that can be read.
    """
    reader = _Reader(content)
    reader.run()
    return tuple(reader.properties)


def _opened(content: bytes) -> bytes:
    """Give a root that is empty, ``<web-app/>``, an end tag of its own."""
    reader = _Reader(content)
    reader.run()
    end = reader.root_end
    if content.startswith(b"</", end):
        return content
    closing = f"></{reader.root}>".encode(reader.encoding)
    return content[: end - len(b"/>")] + closing + content[end:]


def _added(content: bytes, root: _Root, properties: Mapping[str, str]) -> tuple[int, int, bytes]:
    """Say what is put in, and where: both ends of the place are the same."""
    before = [each for each in root.children if each.name == _PARAMETER]
    before = before or [each for each in root.children if each.name in _BEFORE]
    if before:
        indent, at = _indent_before(content, before[-1].start), before[-1].end
    elif root.children:
        indent = _indent_before(content, root.children[0].start)
        at = root.children[0].start - len(indent)
    else:
        indent, at = b"\n  ", root.end
    spelled = (_spelled(name, value, root, indent) for name, value in sorted(properties.items()))
    return at, at, b"".join(indent + each for each in spelled)


def _spelled(name: str, value: str, root: _Root, indent: bytes) -> bytes:
    def tagged(tag: str, inner: bytes) -> bytes:
        full = f"{root.prefix}{tag}".encode(root.encoding)
        return b"<%b>%b</%b>" % (full, inner, full)

    def text(words: str) -> bytes:
        return escape(words, quote=False).encode(root.encoding, "xmlcharrefreplace")

    deeper = indent + b"  " if indent else b""
    inner = (tagged("param-name", text(name)), tagged("param-value", text(value)))
    return tagged(_PARAMETER, b"".join(deeper + each for each in inner) + indent)


def _indent_before(content: bytes, start: int) -> bytes:
    found = _INDENT.search(content[:start])
    return found[0] if found else b""


def _read(content: bytes) -> _Root:
    reader = _Reader(content)
    reader.run()
    return _Root(
        prefix=reader.prefix,
        encoding=reader.encoding,
        children=tuple(reader.children),
        end=reader.root_end,
    )


class _Reader:
    """Follows expat through the file and notes where the root's children lie."""

    def __init__(self, content: bytes) -> None:
        self.children: list[_Element] = []
        self.properties: list[tuple[str, str]] = []
        self.prefix, self.encoding = "", "utf-8"
        self.root, self.root_end = "", 0
        self._content = content
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says
        self._parser.XmlDeclHandler = self._declares
        self._parser.EntityDeclHandler = self._defines
        self._path: list[str] = []
        self._start = 0
        self._texts: dict[str, str] = {}

    def run(self) -> None:
        """Read it all; a fault is a ``ValueError``."""
        if b"\0" in self._content[:4]:
            fault = "it is in UTF-16 or UTF-32; only what contains ASCII is changed"
            raise ValueError(fault)
        try:
            self._parser.Parse(self._content, True)  # noqa: FBT003  expat takes no names
        except expat.ExpatError as error:
            fault = f"it is no XML: {error}"
            raise ValueError(fault) from error
        except LookupError as error:
            fault = f"its encoding is not known: {error}"
            raise ValueError(fault) from error

    def _declares(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def _defines(self, name: str, *_: object) -> None:
        fault = f"it defines the entity {name!r}"
        raise ValueError(fault)

    def _starts(self, name: str, _attributes: object) -> None:
        prefix, colon, local = name.rpartition(":")
        self._path.append(local)
        if len(self._path) == 1:
            self.root, self.prefix = name, prefix + colon
        elif len(self._path) == _CHILD:
            self._start, self._texts = self._parser.CurrentByteIndex, {}

    def _says(self, text: str) -> None:
        if len(self._path) == _GRANDCHILD:
            name = self._path[-1]
            self._texts[name] = self._texts.get(name, "") + text

    def _ends(self, _name: str) -> None:
        at = self._parser.CurrentByteIndex
        if len(self._path) == 1:
            self.root_end = at
        elif len(self._path) == _CHILD:
            self._child_ends(at)
        self._path.pop()

    def _child_ends(self, at: int) -> None:
        """Note a child; expat is behind ``<a/>`` already, and before ``</a>``."""
        is_empty = not self._content.startswith(b"</", at)
        end = at if is_empty else self._content.index(b">", at) + 1
        name, parameter = self._path[-1], self._texts.get("param-name", "").strip()
        self.children.append(_Element(name, self._start, end, parameter))
        if name == _PARAMETER:
            self.properties.append((parameter, self._texts.get("param-value", "").strip()))
