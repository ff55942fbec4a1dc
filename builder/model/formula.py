"""The formula: what a team asks for, each wish with its place in the file."""

from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from builder.model.digest import Digest
from builder.model.plugin import Coordinates, PluginId
from builder.version import Version


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file something stands; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Spell it as compilers do, so that editors jump to it."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a formula, with the way out where there is one."""

    place: Place
    path: str  # such as ``plugins[3].source.version``; empty for the whole file
    found: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One line of a formula that names a plugin."""

    plugin: PluginId
    version: Version | None  # None: the one the catalogue offers
    group: str | None  # Maven group; None: the catalogue's
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """How the result is called."""

    group: str
    artifact: str
    version: str
    title: str | None = None
    vendor: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A Maven repository beside those of the user's own Maven settings."""

    id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianBase:
    """A base made of Debian packages."""

    suite: str
    packages: tuple[str, ...]
    mirror: str | None  # a URL; None: the one this machine uses

    @property
    def wished(self) -> tuple[str, ...]:
        """Each package once, ascending: as a lock writes them down."""
        return tuple(sorted(set(self.packages)))


class Layout(Enum):
    """Where the plugins of an image lie."""

    REF = "ref"  # beside the WAR: an image upgrade upgrades them
    WAR = "war"  # inside, as custom-war-packager puts them


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A file or folder beside the formula and where it goes in the image."""

    source: PurePosixPath  # relative to the formula's folder
    target: PurePosixPath  # absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageWishes:
    """What the image is made of besides the controller and its plugins."""

    base: DebianBase
    layout: Layout = Layout.REF
    env: tuple[tuple[str, str], ...] = ()  # by name, ascending
    java_options: tuple[str, ...] = ()
    files: tuple[Placement, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWishes:
    """How the image is tried; no part of what it is."""

    memory: int = 2 * 1024**3  # bytes
    timeout_s: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file that lies beside the formula and belongs to it."""

    path: PurePosixPath  # relative to the formula's folder
    content: bytes

    @property
    def digest(self) -> Digest:
        """SHA-256 of the content."""
        return Digest.of(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """The whole of it, read and checked."""

    file: str  # as the user named it
    bundle: Bundle
    war: Coordinates
    plugins: tuple[Wish, ...]
    repositories: tuple[Repository, ...]
    image: ImageWishes
    trial: TrialWishes
    inputs: tuple[InputFile, ...] = ()  # by path, ascending
