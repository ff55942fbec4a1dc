"""How documents are taken out of what they come wrapped in."""

import gzip
import lzma

import pytest

from builder.sources.wrapping import unpacked, unwrapped


@pytest.mark.parametrize(
    "content",
    [
        b'{"a":{}}',
        b'updateCenter.post(\n{"a":{}}\n);',
        b'<html><script>window.onload = {"a":{}}</script></html>',
        b'\xef\xbb\xbf{"a":{}}',
    ],
)
def test_the_text_from_the_first_brace_to_the_last_counts(content: bytes) -> None:
    assert unwrapped(content) == b'{"a":{}}'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it holds no JSON object"),
        (b"}{", "it holds no JSON object"),
        (b"\n<!DOCTYPE html><p>", "it is a web page"),
    ],
)
def test_what_holds_no_object_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        unwrapped(content)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_packed_files_are_unpacked_and_others_left(pack: type[bytes]) -> None:
    assert unpacked(pack(b"{}")) == b"{}"


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_bomb_is_refused_before_it_is_unpacked(pack: type[bytes]) -> None:
    assert unpacked(pack(bytes(100)), limit=100) == bytes(100)
    with pytest.raises(ValueError, match="unpacks to more than 100 bytes"):
        unpacked(pack(bytes(101)), limit=100)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_file_that_is_cut_off_or_broken_is_refused(pack: type[bytes]) -> None:
    whole = pack(b"some text to pack")
    with pytest.raises(ValueError, match="cut off"):
        unpacked(whole[:-9])
    with pytest.raises(ValueError, match="cannot be unpacked"):
        unpacked(whole[:10] + b"\xff" * 40)
