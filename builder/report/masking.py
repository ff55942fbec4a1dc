"""Secrets that a controller's log or answers may tell: taken out before anybody sees a report."""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from builder.model.report import Finding, Report

_MASK = "***"
_SHORTEST = 6  # letters of a secret: shorter ones would take words out of sentences
_NAMES = re.compile(
    r"pass(?:word|wd|phrase)?$|secret|token|credential|api_?key|private_?key", re.IGNORECASE
)
_SAID = (
    re.compile(r"(?<=://)[^/@\s]+(?=@)"),
    re.compile(r"(?i)(?<=\bauthorization: )\s*\S.*"),
    re.compile(r"(?i)(?<=\bset-cookie: )[^;]*"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"),  # a JSON web token
    re.compile(r"(?i)(?<=password=)[^\s&,;\"']+|(?<=password: )[^\s,;]+"),
    re.compile(r"(?i)(?<=secret=)[^\s&,;\"']+|(?<=token=)[^\s&,;\"']+"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*"),
)


def masked(seen: Report, environment: Iterable[tuple[str, str]]) -> Report:
    """Take out what looks like a secret, and the values of variables that are called one.

    Args:
        seen: a report.
        environment: names and values of the image's variables.
    """
    secrets = {v for k, v in environment if _NAMES.search(k) and len(v) >= _SHORTEST}
    known = sorted(secrets, key=len, reverse=True)
    return replace(
        seen,
        findings=tuple(_finding(each, known) for each in seen.findings),
        log_tail=tuple(_text(each, known) for each in seen.log_tail),
    )


def _finding(found: Finding, known: list[str]) -> Finding:
    return replace(
        found,
        expected=_text(found.expected, known),
        seen=_text(found.seen, known),
        hint=_text(found.hint, known) if found.hint else None,
        evidence=tuple(_text(each, known) for each in found.evidence),
    )


def _text(text: str, known: list[str]) -> str:
    for each in known:
        text = text.replace(each, _MASK)
    for shape in _SAID:
        text = shape.sub(_MASK, text)
    return text
