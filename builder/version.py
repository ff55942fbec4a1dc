"""Jenkins' version order: which of two versions a controller calls newer.

The text of a version is its identity and is never normalised; this module only orders texts. The
rules are written anew from the behaviour of ``hudson.util.VersionNumber`` (jenkinsci/
lib-version-number), the class that the core, the update centre and the plugin tools share.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from itertools import zip_longest
from typing import NewType

from msgspec import Struct

Version = NewType("Version", str)

_QUALIFIERS = ("snapshot", "alpha", "beta", "milestone", "rc", "", "sp")
_RANKS = {word: rank for rank, word in enumerate(_QUALIFIERS)}
_RELEASE = _RANKS[""]
_UNKNOWN = len(_QUALIFIERS)
_ALIASES = {"ga": "", "final": "", "cr": "rc", "ea": "rc"}
_LETTERS = {"a": "alpha", "b": "beta", "m": "milestone"}  # where a digit or a blank follows

_TOKEN = re.compile(r"[.-]|[*]|\d+|[ \t-\r\x1c-\x1f]?[^.*\d \t-\r\x1c-\x1f-]+|[ \t-\r\x1c-\x1f]")
_LITERAL = "-SNAPSHOT"
_STAMP = r"-[0-9]{8}\.[0-9]{6}-[0-9]+"
_STAMPED = re.compile(rf".*{_STAMP}", re.DOTALL)
_SNAPSHOT = re.compile(rf"(.*)({_STAMP}|{_LITERAL})( \(.*\))?")


class _Kind(IntEnum):
    """What a part is; where two kinds meet, the higher one is newer."""

    QUALIFIER = 0
    SUBLIST = 1  # a dash between digits: all that follows is one level further in
    NUMBER = 2
    WILDCARD = 3


class _Part(Struct, frozen=True, order=True):
    """One part of a version; within a kind, ``weight`` and then ``text`` decide."""

    kind: _Kind
    weight: int = 0  # rank of a qualifier, count of digits of a number
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether it changes nothing at the end of a version."""
        if self.kind is _Kind.QUALIFIER:
            return self.weight == _RELEASE
        return self.kind is _Kind.SUBLIST or self == _ZERO


_SUBLIST = _Part(_Kind.SUBLIST)
_WILDCARD = _Part(_Kind.WILDCARD)
_ZERO = _Part(_Kind.NUMBER)


class _Parsed(Struct, frozen=True):
    """A version in parts, with what makes it a snapshot."""

    parts: tuple[_Part, ...]
    snapshot: str | None


@lru_cache(maxsize=65536)  # a resolution compares the same few thousand texts over and over
def compare(left: Version, right: Version) -> int:
    """Say which version Jenkins itself would call newer.

    Returns:
        -1, 0 or 1 as ``left`` is older than, level with, or newer than ``right``.

    The order is not transitive (``1 < 1-1 < 1.0b2 < 1``), and with ``*`` not even antisymmetric:
    build no sort key from it and use ``newest``, which gives one answer for every order of its
    input.

    Source: ``hudson.util.VersionNumber.compareTo`` in jenkinsci/lib-version-number.
    """
    if left == right:
        return 0
    ours, theirs = _parse(left), _parse(right)
    return _compare_parts(ours.parts, theirs.parts) or _compare_snapshots(
        ours.snapshot, theirs.snapshot
    )


def older_than(left: Version, right: Version) -> bool:
    """Tell whether Jenkins would call ``left`` older than ``right``."""
    return compare(left, right) < 0


def newest(versions: Iterable[Version]) -> Version:
    """Pick the newest version; among equals the first in plain text order.

    Raises:
        ValueError: ``versions`` is empty.
    """
    ordered = sorted(versions)
    if not ordered:
        raise ValueError(ordered)
    best = ordered[0]
    for each in ordered:
        if compare(each, best) > 0:
            best = each
    return best


def is_snapshot(version: Version) -> bool:
    """Tell whether a controller overlooks a wrong version of this plugin with a mere log line.

    Source: resolution of dependencies in ``hudson.PluginWrapper``: the text contains
    ``-SNAPSHOT`` or ends in a Maven time stamp.
    """
    return _LITERAL in version or _STAMPED.fullmatch(version) is not None


@lru_cache(maxsize=65536)
def _parse(version: str) -> _Parsed:
    """Cut a version into parts, without those at the end that change nothing."""
    found = _SNAPSHOT.fullmatch(version)
    if found is None:
        return _Parsed(_parts(version.lower()), None)
    return _Parsed(_parts((found[1] + _LITERAL).lower()), found[2])


def _parts(text: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    after_digits = False  # the last run of text was a number, however many dots ago
    begun = False  # something stands since the last dot, dash or star
    for token in _TOKEN.finditer(text):
        word, follower = token[0], text[token.end() : token.end() + 1]
        if word in {".", "-"}:
            if not begun:
                parts.append(_ZERO)
            if word == "-" and after_digits:
                _open_sublist(parts, follower)
        elif word == "*":
            parts.append(_WILDCARD)
        else:
            after_digits = word[0].isdecimal()
            if follower != "*":  # the class forgets what touches a star
                parts.append(_number(word) if after_digits else _qualifier(word, follower))
        begun = word not in {".", "-", "*"}
    _drop_empty(parts, across_levels=True)
    return tuple(parts)


def _open_sublist(parts: list[_Part], follower: str) -> None:
    """A dash after digits: drop the zeros before it, and go in where a digit follows."""
    _drop_empty(parts, across_levels=False)
    if follower.isdecimal():
        parts.append(_SUBLIST)


def _drop_empty(parts: list[_Part], *, across_levels: bool) -> None:
    while parts and parts[-1].is_empty and (across_levels or parts[-1] != _SUBLIST):
        parts.pop()


def _number(digits: str) -> _Part:
    """Keep the digits as text: Python reads no more than 4300 of them into an ``int``."""
    if not digits.isascii():
        digits = "".join(str(unicodedata.decimal(digit)) for digit in digits)
    plain = digits.lstrip("0")
    return _Part(_Kind.NUMBER, len(plain), plain)


def _qualifier(word: str, follower: str) -> _Part:
    if follower not in {"", ".", "-"}:
        word = _LETTERS.get(word, word)
    word = _ALIASES.get(word, word)
    rank = _RANKS.get(word, _UNKNOWN)
    return _Part(_Kind.QUALIFIER, rank, word if rank == _UNKNOWN else "")


def _compare_parts(left: tuple[_Part, ...], right: tuple[_Part, ...]) -> int:
    for index, (ours, theirs) in enumerate(zip_longest(left, right)):
        if ours == theirs:
            continue
        if ours is None:
            answer = -_compare_to_nothing(right[index:])
        elif theirs is None:
            answer = _compare_to_nothing(left[index:])
        else:
            answer = _compare_part(ours, theirs)
        if answer or _SUBLIST in {ours, theirs}:  # a sublist is the last part of its level
            return answer
    return 0


def _compare_part(ours: _Part, theirs: _Part) -> int:
    if ours.kind is theirs.kind:
        return -1 if ours < theirs else 1
    if ours.kind is _Kind.NUMBER and theirs.kind is _Kind.WILDCARD:
        return 0  # yet 1 the other way round: so the class has it
    return -1 if ours.kind < theirs.kind else 1


def _compare_to_nothing(parts: tuple[_Part, ...]) -> int:
    """Compare the first real part with a version that has ended."""
    first = next(part for part in parts if part != _SUBLIST)
    if first.kind is _Kind.QUALIFIER:
        return (first.weight > _RELEASE) - (first.weight < _RELEASE)
    return 0 if first == _ZERO else 1


def _compare_snapshots(left: str | None, right: str | None) -> int:
    """Compare what two versions with equal parts say of their builds."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if _LITERAL in {left, right}:
        return 0
    ours, theirs = _stamp(left), _stamp(right)
    return (ours > theirs) - (ours < theirs)


def _stamp(snapshot: str) -> tuple[str, _Part]:
    """Cut ``-20170207.105042-13`` into the time and the number of the build."""
    return snapshot[1:16], _number(snapshot[17:])
