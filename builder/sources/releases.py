"""One entry of an index to a ``Release``: types checked, texts kept as they are.

An id or a version becomes part of file names, so one that could leave a folder is refused.
"""

import re
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Annotated

import msgspec

from builder.model.catalogue import CoreRelease
from builder.model.controller import war_path
from builder.model.digest import Digest
from builder.model.plugin import Dependency, DependencyKind, PluginId, Release, Trust
from builder.sources.shapes import UNREADABLE
from builder.version import Version

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\ud800-\udfff]")
_LONGEST = 200  # bytes: a file name has room for 255, and gets a suffix
_JAVA = re.compile(r"(?:1\.)?([0-9]{1,3})(?:\..*)?")


class Edge(msgspec.Struct, frozen=True, gc=False):
    """A dependency as an index has it."""

    name: str
    version: str
    optional: bool = False


class Entry(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """What is read of one release; everything else in it is passed over."""

    version: str
    dependencies: tuple[Edge, ...]
    name: str | None = None
    url: str | None = None
    sha256: str | None = None
    size: Annotated[int, msgspec.Meta(ge=0)] | None = None  # bytes
    required_core: str | None = None
    compatible_since_version: str | None = None
    minimum_java_version: str | None = None
    labels: tuple[str, ...] = ()
    wiki: str = ""


class CoreEntry(msgspec.Struct, frozen=True, gc=False):
    """A core as an index has it."""

    version: str
    sha256: str | None = None
    size: Annotated[int, msgspec.Meta(ge=0)] | None = None  # bytes


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """A whole index of either kind, its parts still text."""

    plugins: dict[str, msgspec.Raw]
    core: CoreEntry | None = None
    cores: msgspec.Raw = msgspec.Raw(b"{}")  # of derived histories only
    deprecations: msgspec.Raw = msgspec.Raw(b"{}")
    generation_timestamp: str | None = None
    id: str = ""
    update_center_version: str | int | None = None
    warnings: msgspec.Raw = msgspec.Raw(b"[]")

    @property
    def is_history(self) -> bool:
        """Tell the index of all releases from that of one core: by its first plugin."""
        first = next(iter(self.plugins.values()), None)
        if first is None:
            return self.core is None and not self.id
        try:
            return not bytes(_peeks.decode(first).version).startswith(b'"')
        except UNREADABLE:
            return False


class _Peek(msgspec.Struct, frozen=True):
    version: msgspec.Raw = msgspec.Raw(b"")


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """Which index an entry stands in, and what vouches for it."""

    source: str
    trust: Trust


_entries = msgspec.json.Decoder(Entry)
_peeks = msgspec.json.Decoder(_Peek)


def entry(raw: msgspec.Raw, plugin: PluginId, version: Version | None = None) -> Entry | None:
    """Read one entry of an index; None where it cannot be read, or tells of something else.

    Args:
        raw: its JSON.
        plugin: the id it stands under.
        version: the version it stands under; None where the entry alone tells.
    """
    try:
        found = _entries.decode(raw)
    except UNREADABLE:
        return None
    fits = found.name in {None, plugin} and version in {None, found.version}
    return found if fits else None


def read(entry: Entry, plugin: PluginId, teller: Teller) -> Release | None:
    """Give the facts of one release; None where a text of it cannot be what it stands for."""
    version = Version(entry.version)
    try:
        return Release(
            plugin=PluginId(require_fit(plugin)),
            version=Version(require_fit(version)),
            required_core=_version(entry.required_core),
            dependencies=tuple(_edge(each) for each in entry.dependencies),
            origin=_path(entry.url, plugin) or conventional(plugin, version),
            digest=Digest.parse(entry.sha256) if entry.sha256 else None,
            size=entry.size,
            required_java=java(entry.minimum_java_version),
            compatible_since=_version(entry.compatible_since_version),
            trust=teller.trust,
            source=teller.source,
        )
    except ValueError:
        return None


def core(entry: CoreEntry) -> CoreRelease | None:
    """Give a core's WAR; None where the index has no digest of it.

    Raises:
        ValueError: a version or a digest that cannot be one.
    """
    version = Version(require_fit(entry.version))
    if not entry.sha256:
        return None
    return CoreRelease(
        version=version,
        path=war_path(version),
        digest=Digest.parse(entry.sha256),
        size=entry.size,
    )


def conventional(plugin: PluginId, version: Version) -> PurePosixPath:
    """Say where every update site keeps a release."""
    return PurePosixPath("plugins", plugin, version, f"{plugin}.hpi")


def place(known: Collection[str], plugin: PluginId, version: Version) -> PurePosixPath | None:
    """Say where an index that knows a plugin has a release of it; None for one it does not know."""
    fits = plugin in known and is_fit(plugin) and is_fit(version)
    return conventional(plugin, version) if fits else None


def ids(known: Collection[str]) -> frozenset[PluginId]:
    """Give the names of an index that can be those of plugins."""
    return frozenset(PluginId(each) for each in known if is_fit(each))


def is_fit(text: str) -> bool:
    """Tell whether a text may become one step of a path."""
    if text in {"", ".", ".."} or _UNFIT.search(text):
        return False
    return len(text) <= _LONGEST and (text.isascii() or len(text.encode()) <= _LONGEST)


def require_fit(text: str) -> str:
    """Give the text back.

    Raises:
        ValueError: it is empty, could leave a folder, or is no text for a file name.
    """
    if not is_fit(text):
        raise ValueError(ascii(text))
    return text


def java(text: str | None) -> int | None:
    """Read ``minimumJavaVersion``: ``1.8`` and ``8`` are 8; None for what says nothing."""
    found = _JAVA.fullmatch(text or "")
    return int(found[1]) if found else None


def _version(text: str | None) -> Version | None:
    return Version(text) if text and text != "null" else None  # as very old build tools wrote it


def _edge(edge: Edge) -> Dependency:
    return Dependency(
        plugin=PluginId(require_fit(edge.name)),
        minimum=Version(require_fit(edge.version)),
        kind=DependencyKind.OPTIONAL if edge.optional else DependencyKind.REQUIRED,
    )


def _path(url: str | None, plugin: PluginId) -> PurePosixPath | None:
    """Give the part of a URL that all mirrors share; None where it is not laid out like theirs."""
    plain = (url or "").partition("?")[0].partition("#")[0]
    _, found, rest = plain.rpartition(f"/plugins/{plugin}/")
    steps = rest.split("/")
    fits = found and all(is_fit(each) and "%" not in each for each in steps)
    return PurePosixPath("plugins", plugin, *steps) if fits else None
