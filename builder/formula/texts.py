"""The kinds of text that a formula knows: what was typed, and the value that it becomes.

A text that is not of its kind is refused with a ``ValueError`` whose message says what is wanted;
``NotYet`` is the one for what is understood and not built.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from builder.formula.near import did_you_mean
from builder.model.formula import Dependencies, Implied, Layout
from builder.version import Version

Value = TypeVar("Value")

_UNSOUND = {"Cc", "Cs", "Zl", "Zp"}  # controls, half characters, line and paragraph ends
_SEARCHED = {"latest", "experimental", "release", "lts", "weekly"}
_SEARCH = ": a search for a version; name one"
_MEMORY = re.compile(r"([1-9][0-9]{0,14})([bkmg]?)")
_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_HOST = r"(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_PATH = r"[A-Za-z0-9._~!$&()*+,;=:%/-]*"
_QUERY = r"[A-Za-z0-9._~!$&()*+,;=:@%/?-]*"
_NAME = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"  # distribution/reference, section Grammar


class NotYet(ValueError):
    """Known, and built later."""

    def __init__(self, meanwhile: str, *, instead: bool = False) -> None:
        """Say what works meanwhile.

        Args:
            meanwhile: ends the sentence that begins with "not yet".
            instead: it stands in place of the required keys beside it.
        """
        super().__init__(f"not yet{meanwhile}")
        self.instead = instead


class Kind(Struct, Generic[Value], frozen=True):
    """One kind of text: how to read it, and how to ask for it."""

    wanted: str
    take: Callable[[str], Value | None]  # None: not of this kind

    def read(self, text: str) -> Value:
        """Give the value; a text of another kind is a ``ValueError``."""
        value = self.take(text)
        if value is None:
            raise ValueError(self.wanted)
        return value


def _matching(pattern: str, wanted: str) -> Kind[str]:
    compiled = re.compile(pattern)
    return Kind(wanted, lambda text: text if compiled.fullmatch(text) else None)


def _address(pattern: str, wanted: str) -> Kind[str]:
    compiled = re.compile(pattern)

    def take(text: str) -> str | None:
        try:
            is_url = compiled.fullmatch(text) and urlsplit(text).port != 0
        except ValueError:  # a port above 65535, or brackets around what is no address
            return None
        return text if is_url else None

    return Kind(wanted, take)


def _line(text: str) -> str | None:
    bare = text.removesuffix("\n")  # YAML's ``>`` leaves one
    is_sound = all(unicodedata.category(each) not in _UNSOUND for each in bare)
    return bare if bare and is_sound else None


def _source(text: str) -> PurePosixPath | None:
    path = PurePosixPath(_line(text) or "/")
    return None if path.is_absolute() or ".." in path.parts or not path.parts else path


def _target(text: str) -> PurePosixPath | None:
    path = PurePosixPath(_line(text) or "")
    is_below = path.is_absolute() and len(path.parts) > 1 and ".." not in path.parts
    return path if is_below and str(path) == text and not text.startswith("//") else None


def _memory(text: str) -> int | None:
    found = _MEMORY.fullmatch(text.lower())
    return int(found[1]) * _UNITS[found[2]] if found else None


def _seconds(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,6}", text) else None


def _version(text: str) -> Version | None:
    if text.lower() in _SEARCHED or text.startswith("incrementals;"):
        raise NotYet(_SEARCH)
    is_sane = re.fullmatch(r"[A-Za-z0-9_~][A-Za-z0-9._+~-]*", text) and ".." not in text
    return Version(text) if is_sane else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None  # no such day, such as 2027-02-30


def one_of(values: Mapping[str, Value]) -> Callable[[str], Value]:
    """Give a reader that takes the words of ``values`` and names the nearest for any other."""
    *most, last = values
    wanted = " or ".join(filter(None, [", ".join(most), last]))

    def read(text: str) -> Value:
        if text not in values:
            raise ValueError(wanted + did_you_mean(text, values, "the word"))
        return values[text]

    return read


LINE = Kind("one line of text", _line)
MAVEN_ID = _matching(
    r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}",  # it is part of names that have 255 at most
    "a Maven id: letters, digits, dots, dashes and underscores, at most 200",
)
PLUGIN = _matching(
    r"[A-Za-z0-9_][A-Za-z0-9._-]*", "a plugin id: letters, digits, dots, dashes and underscores"
)
HOOK = _matching(
    r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}",
    "a kind of hook, such as init or boot-failure: letters, digits, dots, dashes and underscores",
)
VERSION = Kind("a version, such as 1.20 or 1143.vb_e8b_b_ceee347", _version)
URL = _address(
    rf"https?://{_HOST}(?:/{_PATH})?|file:///{_PATH}",
    "a URL such as https://host/path or file:///path; user, password and query belong into "
    "Maven's settings.xml",
)
FILE_URL = _address(
    rf"https?://{_HOST}(?:/{_PATH}(?:\?{_QUERY})?)?|file:///{_PATH}",
    "a URL such as https://host/path or file:///path; user and password belong into netrc",
)
SITE_URL = _address(
    rf"https?://{_HOST}(?:/{_PATH})?",
    "a URL such as https://host/path; user and password belong into netrc",
)
GIT = _matching(
    rf"https?://{_HOST}/{_PATH}|(?:ssh://)?(?:git@)?{_HOST}[:/]{_PATH}|file:///{_PATH}|\.{{0,2}}/{_PATH}",
    "a repository such as https://host/path, git@host:path, file:///path or ../path; user and "
    "password belong into git's own settings",
)
COMMIT = _matching(
    r"[0-9a-f]{40}|[0-9a-f]{64}",
    "a full commit, 40 hex digits: a branch or a tag stands for another one tomorrow",
)
SUITE = _matching(r"[a-z][a-z0-9-]*", "a Debian suite, such as bookworm or sid")
PACKAGE = _matching(  # Debian Policy, section 5.6.7
    r"[a-z0-9][a-z0-9+.-]+", "the name of a Debian package, such as openjdk-17-jre-headless"
)
VARIABLE = _matching(
    r"[A-Za-z_][A-Za-z0-9_]*", "the name of a variable: letters, digits and underscores"
)
SETTING = Kind("one line of text, or none", lambda text: text and _line(text))
JAVA_OPTION = Kind(
    "an option that begins with a dash, such as -XX:MaxRAMPercentage=70",
    lambda text: _line(text) if text.startswith("-") else None,
)
SOURCE = Kind("a path below the formula's folder, without ..", _source)
TARGET = Kind("an absolute path below /, without .., . or // and no / at its end", _target)
TAG = _matching(
    rf"(?:{_HOST}/)?{_NAME}(?:/{_NAME})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?",
    "an image reference, such as kubesphere/ks-jenkins:v1",
)
REFERENCE = _matching(
    rf"(?:{_HOST}/)?{_NAME}(?:/{_NAME})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?"
    "(?:@sha256:[0-9a-f]{64})?",
    "an image reference, such as jenkins/jenkins:2.346.3-jdk11",
)
PLATFORM = _matching(r"[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9]+)?", "a platform, such as linux/amd64")
FINDING = _matching(
    r"[A-Za-z0-9][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9._-]*)?",
    "the id of a finding, such as SECURITY-1234 or deprecated:blueocean",
)
DAY = Kind("a day, such as 2027-01-31", _day)
MEMORY = Kind("an amount of memory, such as 512m or 2g", _memory)
SECONDS = Kind("a whole number of seconds above 0", _seconds)
PLATFORMS = Kind(
    "platforms with commas between, such as linux/amd64,linux/arm64",
    lambda text: text if all(map(PLATFORM.take, filter(None, text.split(",")))) else None,
)
layout = one_of({each.value: each for each in Layout})
implied = one_of({each.value: each for each in Implied})
dependencies = one_of({each.value: each for each in Dependencies})
flag = one_of({"true": True, "false": False})
