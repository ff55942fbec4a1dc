"""Writes ``META-INF/MANIFEST.MF`` anew: other main attributes, and no digests of entries.

What is not touched stays byte for byte. Source: JAR File Specification, "Manifest Specification".
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

NAME = "META-INF/MANIFEST.MF"
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DIGEST = re.compile(r"[A-Za-z0-9_-]+-Digest(?:-[A-Za-z0-9_-]+)?", re.IGNORECASE)
_WIDTH = 72  # bytes of a line, its end left out


class _Attribute(Struct, frozen=True):
    """One attribute with its folds, as it lies there."""

    name: str
    raw: bytes


class _Section(Struct, frozen=True):
    """Attributes and the empty lines behind them."""

    attributes: tuple[_Attribute, ...]
    end: bytes

    @property
    def raw(self) -> bytes:
        return b"".join(each.raw for each in self.attributes) + self.end


def rewritten(content: bytes, attributes: Mapping[str, str]) -> bytes:
    """Set main attributes, and leave out what only a signature would ask for.

    Args:
        content: the manifest as it is.
        attributes: each on one line of any length.

    Returns:
        The manifest with these attributes behind the other main ones, and without the digests of
        its entries: once the signature is gone nobody checks them, and they may not hold.
    """
    main, *others = tuple(_sections(content)) or (_Section((), b""),)
    line_end = b"\r\n" if b"\r\n" in content else b"\n"
    ours = {each.lower() for each in attributes}
    kept = b"".join(each.raw for each in main.attributes if each.name.lower() not in ours)
    if kept and not kept.endswith((b"\r", b"\n")):
        kept += line_end
    added = b"".join(_folded(f"{name}: {attributes[name]}", line_end) for name in attributes)
    rest = b"".join(each.raw for each in map(_undigested, others) if each)
    return kept + added + (main.end or line_end) + rest


def _sections(content: bytes) -> Iterator[_Section]:
    attributes: list[bytes] = []
    end = b""
    for line in _LINE.findall(content):
        if not line.strip(b"\r\n"):
            end += line
            continue
        if end:
            yield _section(attributes, end)
            attributes, end = [], b""
        if line.startswith(b" ") and attributes:
            attributes[-1] += line
        else:
            attributes.append(line)
    if attributes or end:
        yield _section(attributes, end)


def _section(attributes: list[bytes], end: bytes) -> _Section:
    return _Section(tuple(_Attribute(_name(each), each) for each in attributes), end)


def _name(raw: bytes) -> str:
    return raw.partition(b":")[0].decode(errors="replace").strip()


def _undigested(section: _Section) -> _Section | None:
    """Leave digests out, and a section of which nothing but its name is left."""
    kept = tuple(e for e in section.attributes if not _DIGEST.fullmatch(e.name))
    if len(kept) < len(section.attributes) and {e.name.lower() for e in kept} <= {"name"}:
        return None
    return _Section(kept, section.end)


def _folded(line: str, line_end: bytes) -> bytes:
    """Fold at 72 bytes, between characters."""
    rows, row = [], b""
    for character in line:
        encoded = character.encode()
        if len(row) + len(encoded) > _WIDTH:
            rows.append(row)
            row = b" "
        row += encoded
    return b"".join(each + line_end for each in (*rows, row))
