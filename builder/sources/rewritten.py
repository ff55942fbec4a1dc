"""Tells a mirror that changed URLs below the official signature from any other change."""

import re
from collections.abc import Callable

_URL = re.compile(rb'"url":"(https?://[^"\\]*?/)plugins/')
_OFFICIAL = (
    b"https://updates.jenkins.io/download/",
    b"http://updates.jenkins.io/download/",
    b"http://updates.jenkins-ci.org/download/",
    b"https://updates.jenkins-ci.org/download/",
)
_CHECK = re.compile(rb'("connectionCheckUrl":)"[^"\\]*"')
_CHECKS = (b"http://www.google.com/", b"https://www.google.com/")


def found(text: bytes, fits: Callable[[bytes], bool]) -> str | None:
    """Say what a mirror did to Jenkins' own text; None where its URLs are Jenkins' own.

    Args:
        text: the canonical bytes, whose digest is not the signed one.
        fits: tells whether a text has the signed digest.

    The usual recipe replaces the address of the files, and that of the connection check.
    """
    first = _URL.search(text)
    if first is None or first[1] in _OFFICIAL:
        return None
    there = ascii(first[1].decode(errors="replace"))[1:-1]
    for original in _OFFICIAL:
        undone = text.replace(first[1], original)
        if any(fits(each) for each in (undone, *_with_checks(undone))):
            return (
                f"the mirror put {there} in the place of {original.decode()}, and nothing else "
                "differs: it has to serve the text as Jenkins signed it"
            )
    return (
        f"it is signed by Jenkins, but its files lie at {there}, and more than the addresses "
        "differs from what was signed"
    )


def _with_checks(text: bytes) -> tuple[bytes, ...]:
    return tuple(_CHECK.sub(rb'\1"' + each + b'"', text, count=1) for each in _CHECKS)
