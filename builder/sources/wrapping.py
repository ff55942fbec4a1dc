"""Takes documents out of what they come wrapped in: JSONP, a web page, gzip, xz."""

import lzma
import zlib

LIMIT = 128 << 20  # bytes; the longest index there is has some 20 MB

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"
_MEMORY = 256 << 20  # bytes that an xz stream may ask for
_WEB_PAGE = (b"<!doctype", b"<html")


def unwrapped(content: bytes) -> bytes:
    """Give the JSON object inside: the text from the first ``{`` to the last ``}``.

    Raises:
        ValueError: there is none; says so in words.

    Source: ``hudson.model.UpdateSite`` of the Jenkins core reads it so.
    """
    start, end = content.find(b"{"), content.rfind(b"}")
    if start < 0 or end < start:
        page = content.lstrip()[:9].lower().startswith(_WEB_PAGE)
        raise ValueError("it is a web page" if page else "it holds no JSON object")
    return content[start : end + 1]


def unpacked(content: bytes, *, limit: int = LIMIT) -> bytes:
    """Give what a gzip or xz file holds; any other content as it is.

    Raises:
        ValueError: broken, cut off, or more than ``limit`` bytes; says so in words.
    """
    try:
        if content.startswith(_GZIP):
            gzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            return _whole(gzip.decompress(content, limit + 1), limit=limit, ended=gzip.eof)
        if content.startswith(_XZ):
            xz = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
            found = xz.decompress(content, max_length=limit + 1)
            return _whole(found, limit=limit, ended=xz.eof)
    except (zlib.error, lzma.LZMAError) as fault:
        said = f"it cannot be unpacked: {fault}"
        raise ValueError(said) from fault
    return content


def _whole(found: bytes, *, limit: int, ended: bool) -> bytes:
    if len(found) > limit:
        said = f"it unpacks to more than {limit} bytes"
        raise ValueError(said)
    if not ended:
        said = "the packed file is cut off"
        raise ValueError(said)
    return found
