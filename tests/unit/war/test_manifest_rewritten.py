"""``META-INF/MANIFEST.MF`` with other attributes and without digests."""

import pytest

from builder.model.manifest import main_attributes
from builder.war.manifest import rewritten

SIGNED = (
    b"Manifest-Version: 1.0\r\n"
    b"Implementation-Title: Jenkins war\r\n"
    b"implementation-version: 2.346.3 with a text that is so long that it has been fo\r\n"
    b" lded\r\n"
    b"Main-Class: executable.Main\r\n"
    b"\r\n"
    b"Name: index.jsp\r\n"
    b"SHA-256-Digest: AAAA\r\n"
    b"SHA1-Digest-de: BBBB\r\n"
    b"\r\n"
    b"Name: org/x/\r\n"
    b"SHA-256-Digest: AAAA\r\n"
    b"Sealed: true\r\n"
    b"\r\n"
    b"Name: bare/\r\n"
    b"\r\n"
)
OURS = {"Implementation-Title": "Ours", "Implementation-Version": "1.0"}


def test_attributes_are_replaced_and_digests_go_and_the_rest_stays_byte_for_byte() -> None:
    assert rewritten(SIGNED, OURS) == (
        b"Manifest-Version: 1.0\r\n"
        b"Main-Class: executable.Main\r\n"
        b"Implementation-Title: Ours\r\n"
        b"Implementation-Version: 1.0\r\n"
        b"\r\n"
        b"Name: org/x/\r\n"
        b"Sealed: true\r\n"
        b"\r\n"
        b"Name: bare/\r\n"
        b"\r\n"
    )


def test_nothing_to_set_and_no_digests_leave_every_byte() -> None:
    content = b"Manifest-Version: 1.0\nA: b\n c\n\n\nName: x\nSealed: true\n"
    assert rewritten(content, {}) == content


@pytest.mark.parametrize("content", [b"", b"Manifest-Version: 1.0", b"Manifest-Version: 1.0\n\n"])
def test_a_short_manifest_keeps_its_sections_apart(content: bytes) -> None:
    made = rewritten(content, {"A": "b"})
    assert made.endswith(b"A: b\n\n")
    assert main_attributes(made)["A"] == "b"


def test_long_values_are_folded_at_72_bytes_between_characters() -> None:
    title = "\u6587\u4ef6 " * 40
    made = rewritten(b"Manifest-Version: 1.0\n\n", {"Implementation-Title": title.strip()})
    assert max(map(len, made.splitlines())) <= 72
    for line in made.splitlines():
        line.decode()
    assert main_attributes(made)["Implementation-Title"] == title.strip()


def test_what_is_written_twice_is_the_same() -> None:
    assert rewritten(rewritten(SIGNED, OURS), OURS) == rewritten(SIGNED, OURS)
