"""The canonical bytes of a document, which a catalogue's signature covers; exact, or refused.

Source: ``jenkins.util.JSONSignatureValidator`` of the Jenkins core, and ``writeCanonical`` of the
json-lib it brings along.
"""

import re
from collections.abc import Mapping

import msgspec
import orjson

from builder.sources.shapes import UNREADABLE
from builder.sources.wrapping import unwrapped

_LARGE = "plugins"  # the member that is written entry by entry, so that no whole tree is built

_SHORT = re.compile(rb"\\[btnfr]")
_ESCAPE = re.compile(rb"\\.")
_LONG = {
    rb"\b": rb"\u0008",
    rb"\t": rb"\u0009",
    rb"\n": rb"\u000a",
    rb"\f": rb"\u000c",
    rb"\r": rb"\u000d",
}
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_FRACTIONS = tuple(re.compile(each + rb"-?[0-9]+[.e]") for each in (rb'":', rb"\[", rb","))
_BEYOND = tuple(bytes([each]) for each in range(0xF0, 0xF5))  # lead bytes of U+10000 and above
_LEAD = re.compile(rb"[\xf0-\xf4]")
_REST_OF_KEY = re.compile(rb'(?:[^"\\]|\\.)*+":')


def members(content: bytes) -> dict[str, msgspec.Raw]:
    """Split a document into its members, each still text; of one that stands twice the last.

    Raises:
        ValueError: it is no JSON object.
    """
    return _split(unwrapped(content))


def canonical(parts: Mapping[str, msgspec.Raw], *, in_file_order: bool = False) -> bytes:
    """Write members the way that is signed.

    Args:
        parts: what ``members`` gave, without the signature.
        in_file_order: leave keys where they stand, as the generator of histories does.

    Raises:
        ValueError: the text cannot be written exactly: broken JSON, a number that is no whole
            one of 64 bits, or a key that sorts in another way in Java.
    """
    option = 0 if in_file_order else orjson.OPT_SORT_KEYS
    text = _object(
        {
            each: _entries(raw, option) if each == _LARGE else _value(raw, option)
            for each, raw in parts.items()
        },
        option,
    )
    _require_whole_numbers(text)
    if option:
        _require_plain_keys(text)
    return _ESCAPE.sub(_escape, text) if _SHORT.search(text) else text


def _split(content: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except UNREADABLE as fault:
        raise ValueError(str(fault)) from fault


def _entries(raw: msgspec.Raw, option: int) -> bytes:
    if bytes(memoryview(raw)[:1]) != b"{":
        return _value(raw, option)
    return _object({each: _value(part, option) for each, part in _split(raw).items()}, option)


def _value(raw: msgspec.Raw, option: int) -> bytes:
    try:
        return orjson.dumps(orjson.loads(memoryview(raw)), option=option)
    except TypeError as fault:  # nested deeper than it writes, or a key that is no text
        raise ValueError(str(fault)) from fault


def _object(written: Mapping[str, bytes], option: int) -> bytes:
    names = sorted(written) if option else written
    try:
        return b"{" + b",".join(orjson.dumps(each) + b":" + written[each] for each in names) + b"}"
    except TypeError as fault:
        raise ValueError(str(fault)) from fault


def _escape(found: re.Match[bytes]) -> bytes:
    return _LONG.get(found[0], found[0])


def _require_whole_numbers(text: bytes) -> None:
    """Refuse fractions, and what is read as one: Java would write them in its own way."""
    if any(each.search(text) for each in _FRACTIONS):
        bare = _STRING.sub(b'""', text)
        if any(each.search(bare) for each in _FRACTIONS):
            said = "it holds a number that is no whole one of 64 bits"
            raise ValueError(said)


def _require_plain_keys(text: bytes) -> None:
    """Refuse a key beyond U+FFFF: Java sorts by UTF-16 units, and we by characters."""
    if any(each in text for each in _BEYOND):
        for lead in _LEAD.finditer(text):
            if _REST_OF_KEY.match(text, lead.start()):
                said = "it holds a key that has no place in the signed order"
                raise ValueError(said)
