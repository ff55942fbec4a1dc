"""The formula: what a team asks for, each wish with its place in the file."""

from datetime import date
from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.base_wishes import DebianBase, ImageBase
from builder.model.custom import CustomCheck
from builder.model.digest import Digest
from builder.model.plugin import Addressed, Beside, Coordinates, PluginId
from builder.model.recipe import Recipe
from builder.model.war import WarWishes
from builder.version import Version


class Place(Struct, frozen=True, order=True):
    """Where in a file something stands; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Spell it as compilers do, so that editors jump to it."""
        return f"{self.file}:{self.line}:{self.column}"


class Problem(Struct, frozen=True, kw_only=True):
    """One thing wrong with a formula, with the way out where there is one."""

    place: Place
    path: str  # such as ``plugins[3].source.version``; empty for the whole file
    found: str
    wanted: str


class Mode(Enum):
    """Which release of a plugin a wish takes."""

    PINNED = "pinned"  # this version and no other
    AT_LEAST = "at least"  # this version or a newer one, as the dependencies' policy picks
    NEWEST = "newest"  # the newest that this core and Java take
    LATEST = "latest"  # what the update site offers
    EXPERIMENTAL = "experimental"  # what the experimental site offers


class Wish(Struct, frozen=True, kw_only=True):
    """One line of a formula or a plugin list that names a plugin."""

    plugin: PluginId
    version: Version | None  # None with the modes that name none
    group: str | None  # Maven group; None: the catalogue's
    place: Place
    mode: Mode = Mode.PINNED
    origin: Coordinates | Beside | Addressed | Recipe | None = None  # None: as the catalogue says
    url: str | None = None  # with ``Addressed``


class Bundle(Struct, frozen=True, kw_only=True):
    """How the result is called."""

    group: str
    artifact: str
    version: str
    title: str | None = None
    vendor: str | None = None
    description: str | None = None


class Repository(Struct, frozen=True, kw_only=True):
    """A Maven repository beside those of the user's own Maven settings."""

    id: str
    url: str


INCREMENTALS = Repository(id="incrementals", url="https://repo.jenkins-ci.org/incrementals/")
"""Where Jenkins' projects publish what they build between releases; formats.md section 3."""


class Layout(Enum):
    """Where the plugins of an image lie."""

    REF = "ref"  # beside the WAR: an image upgrade upgrades them
    WAR = "war"  # inside, as custom-war-packager puts them


class Placement(Struct, frozen=True, kw_only=True):
    """A file or folder beside the formula and where it goes in the image."""

    source: PurePosixPath  # relative to the formula's folder
    target: PurePosixPath  # absolute


class Retired(Struct, frozen=True):
    """A plugin that homes are rid of."""

    plugin: PluginId
    place: Place


class CertificateFile(Struct, frozen=True):
    """A PEM file beside the formula whose certificates the image trusts."""

    path: PurePosixPath  # relative to the formula's folder
    place: Place


class ImageWishes(Struct, frozen=True, kw_only=True):
    """What the image is made of besides the controller and its plugins."""

    base: DebianBase | ImageBase | None  # None: the formula names none; nothing can be built on
    layout: Layout = Layout.REF
    env: tuple[tuple[str, str], ...] = ()  # by name, ascending
    java_options: tuple[str, ...] = ()
    files: tuple[Placement, ...] = ()
    tags: tuple[str, ...] = ()
    retired: tuple[Retired, ...] = ()
    platforms: tuple[str, ...] = ()  # ascending; empty: that of this machine
    push: bool = False  # publish what was built, as the packager's ``output: push``
    certificates: tuple[CertificateFile, ...] = ()


class Overlay(Struct, frozen=True, kw_only=True):
    """A CasC file for the trial alone, beside the formula."""

    path: PurePosixPath  # relative to the formula's folder
    place: Place
    content: bytes = b""  # once it has been read


class TrialWishes(Struct, frozen=True, kw_only=True):
    """How the image is tried; no part of what it is."""

    memory: int = 2 * 1024**3  # bytes
    timeout_s: int = 300
    checks: tuple[CustomCheck, ...] = ()
    overlay: Overlay | None = None


class Dependencies(Enum):
    """Which release a plugin gets that only other plugins ask for."""

    NEWEST = "newest"  # the newest that this core and Java take
    LOWEST = "lowest"  # the oldest that every bound allows
    LATEST = "latest"  # what the update site offers


class Implied(Enum):
    """What becomes of features that have left the core."""

    INSTALL = "install"
    SKIP = "skip"


class Allowance(Struct, frozen=True, kw_only=True):
    """A finding that a team accepts, until a day."""

    id: str  # of a security warning, or ``deprecated:PLUGIN``
    until: date | None
    why: str
    place: Place


class Policy(Struct, frozen=True, kw_only=True):
    """What a team accepts."""

    dependencies: Dependencies = Dependencies.NEWEST
    implied: Implied = Implied.INSTALL
    signed_only: bool = False  # ``trust: signed``
    refuse_warnings: bool = False  # ``warnings: refuse``; else they are reported
    allow: tuple[Allowance, ...] = ()


class CatalogueWishes(Struct, frozen=True, kw_only=True):
    """Which indexes are asked, where files come from and whom to trust, in order."""

    sources: tuple[str, ...] = ("official",)  # presets, URLs or paths beside the formula
    mirrors: tuple[str, ...] = ("official",)  # presets, ``china`` for all of China's, or URLs
    trust: tuple[str, ...] = ("jenkins",)  # ``jenkins``, or PEM files beside the formula


class PluginsFile(Struct, frozen=True, kw_only=True):
    """A plugin list beside the formula whose wishes belong to it."""

    path: PurePosixPath  # relative to the formula's folder
    place: Place


class Bom(Struct, frozen=True, kw_only=True):
    """A bill of materials beside the formula, in the shape of JEP-309: it says what is built."""

    path: PurePosixPath  # relative to the formula's folder
    place: Place
    environment: str | None  # whose plugins are added
    brings_bundle: bool  # the formula has none: its own is a stand-in until the file is read
    brings_war: bool


class Named(Struct, frozen=True, kw_only=True):
    """What a key of the formula names, and where it stands."""

    path: PurePosixPath  # relative to the formula's folder; of a library its artifact id
    key: str  # such as ``groovyHooks[0].source.dir`` or ``libExcludes[0]``
    place: Place


class InputFile(Struct, frozen=True, kw_only=True):
    """One file that lies beside the formula and belongs to it."""

    path: PurePosixPath  # relative to the formula's folder
    content: bytes

    @property
    def digest(self) -> Digest:
        """SHA-256 of the content."""
        return Digest.of(self.content)


class Formula(Struct, frozen=True, kw_only=True):
    """The whole of it, read and checked."""

    file: str  # as the user named it
    bundle: Bundle
    war: Coordinates
    plugins: tuple[Wish, ...]
    repositories: tuple[Repository, ...]
    image: ImageWishes
    trial: TrialWishes
    catalogue: CatalogueWishes = CatalogueWishes()
    policy: Policy = Policy()
    plugins_file: PluginsFile | None = None  # None, too, once its wishes have joined the others
    bom: Bom | None = None  # None, too, once it has said what is built
    unbuilt: tuple[Problem, ...] = ()  # what is read and cannot be built yet; ``resolve`` may pass
    notes: tuple[Problem, ...] = ()  # what is odd and stops nothing
    inputs: tuple[InputFile, ...] = ()  # by path, ascending
    parts: WarWishes = WarWishes()
    named: tuple[Named, ...] = ()  # what ``parts`` is about

    def place_of(self, key: str) -> Place:
        """Tell where a key of ``named`` stands; the file's beginning where it is not known."""
        found = (each.place for each in self.named if each.key == key)
        return next(found, Place(self.file, 1, 1))

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """What is built from its sources: the core, plugins, libraries."""
        plugins = (each.origin for each in self.plugins)
        libraries = (each.origin for each in self.parts.patches)
        wished = (self.parts.core, *plugins, *libraries)
        return tuple(each for each in wished if isinstance(each, Recipe))

    @property
    def maven(self) -> tuple[Repository, ...]:
        """The repositories that Maven is told of: Jenkins' builds between releases have one."""
        between = any(isinstance(each.origin, Coordinates) for each in self.plugins)
        named = any(each.id == INCREMENTALS.id for each in self.repositories)
        extra = (INCREMENTALS,) if between and not named else ()
        return (*self.repositories, *extra)
