"""Reads ``META-INF/MANIFEST.MF``: main attributes, and the plugins that a plugin asks for.

What they mean for a resolution is left to ``sources/manifest.py``, for a booted controller to
``verify/installed.py``.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.version import Version

_LINE_END = re.compile(rb"\r\n|\r|\n")
_OPTIONAL = "resolution:=optional"


class Attributes(Mapping[str, str]):
    """Main attributes by name; the case of a name does not matter."""

    __slots__ = ("_names", "_values")

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._names = MappingProxyType({name.lower(): name for name, _ in pairs})
        self._values = MappingProxyType({name.lower(): value for name, value in pairs})

    def __getitem__(self, name: str) -> str:
        """Look an attribute up; of several with one name the last counts."""
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        """Go through the names as the manifest spells them."""
        return iter(self._names.values())

    def __len__(self) -> int:
        """Count the names."""
        return len(self._values)


def main_attributes(content: bytes) -> Mapping[str, str]:
    """Read the main section of a manifest.

    Args:
        content: the file as it is; lines end in CR, LF or CRLF.

    Returns:
        Values by name, looked up in any case. Empty for what is no manifest at all: a line
        without a colon is passed over. Bytes that are not UTF-8 become U+FFFD.

    Source: the JAR file specification, "Notes on Manifest and Signature Files".
    """
    pairs = []
    for line in _unfolded(content):
        name, colon, value = line.decode(errors="replace").partition(":")
        if colon:
            pairs.append((name.strip(), value.removeprefix(" ")))
    return Attributes(tuple(pairs))


def dependencies(text: str) -> tuple[Dependency, ...]:
    """Read the value of ``Plugin-Dependencies``.

    Args:
        text: such as ``structs:1.23,mailer:1.34;resolution:=optional``; empty for none.

    Returns:
        One dependency for each token, in the order of the text.

    Raises:
        ValueError: a token without a colon; no controller loads a plugin that has one.

    Source: ``hudson.PluginWrapper.Dependency`` of the Jenkins core.
    """
    return tuple(_dependency(token) for token in text.split(",")) if text.strip() else ()


def plugin_id(attributes: Mapping[str, str], otherwise: str) -> PluginId:
    """Give the id that a plugin's manifest names; very old ones leave it to the file's name."""
    return PluginId(attributes.get("Short-Name") or attributes.get("Extension-Name") or otherwise)


def plugin_version(attributes: Mapping[str, str]) -> Version | None:
    """Give a plugin's version without what a private build adds: ``1.2-SNAPSHOT (private-...)``."""
    text = attributes.get("Plugin-Version") or attributes.get("Implementation-Version") or ""
    bare = text.partition(" (")[0].strip()
    return Version(bare) if bare else None


def required_core(attributes: Mapping[str, str]) -> Version | None:
    """Give the oldest core a plugin accepts; old build tools wrote ``null`` for none."""
    text = (attributes.get("Jenkins-Version") or attributes.get("Hudson-Version") or "").strip()
    return Version(text) if text and text != "null" else None


def _unfolded(content: bytes) -> Iterator[bytes]:
    """Give the logical lines up to the first empty one.

    Joined as bytes: writers fold at 72 bytes, maybe inside a character.
    """
    pending: bytes | None = None
    for line in _LINE_END.split(content):
        if not line:
            break
        if line.startswith(b" ") and pending is not None:
            pending += line[1:]
            continue
        if pending is not None:
            yield pending
        pending = line
    if pending is not None:
        yield pending


def _dependency(token: str) -> Dependency:
    plugin, colon, rest = token.partition(":")
    if not colon:
        raise ValueError(token)
    version, *attributes = rest.split(";")
    if any(each.strip().lower() == _OPTIONAL for each in attributes):
        kind = DependencyKind.OPTIONAL
    else:
        kind, version = DependencyKind.REQUIRED, rest
    return Dependency(plugin=PluginId(plugin), minimum=Version(version), kind=kind)
