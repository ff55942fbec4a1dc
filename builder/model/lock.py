"""What was decided: the resolution, and the lock that pins its bytes."""

from enum import Enum
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct

from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.plugin import Dependency, DependencyKind, Origin, PluginId, Release, Trust
from builder.version import Version, compare


class PinKind(Enum):
    """Why a plugin is in the set."""

    WISH = "wish"
    REQUIRED = "required"
    IMPLIED = "implied"


class Reason(Struct, frozen=True, kw_only=True):
    """One demand on a plugin: the formula's, or another plugin's."""

    demander: PluginId | None  # None: the formula
    minimum: Version | None  # None: any
    kind: DependencyKind


class Choice(Struct, frozen=True, kw_only=True):
    """One release in a resolution and every demand on it."""

    release: Release
    kind: PinKind
    why: tuple[Reason, ...]  # the formula first, then by demander


class Resolution(Struct, frozen=True, kw_only=True):
    """The whole plugin set for one core."""

    core: Version
    choices: tuple[Choice, ...]  # by plugin id, ascending


class CorePin(Struct, frozen=True, kw_only=True):
    """The WAR a build starts from."""

    family: Family
    version: Version
    origin: Origin
    digest: Digest
    size: int  # bytes
    trust: Trust


class Pin(Struct, frozen=True, kw_only=True):
    """One locked plugin."""

    plugin: PluginId
    version: Version
    kind: PinKind
    origin: Origin
    digest: Digest
    size: int | None  # bytes; None where no catalogue tells
    trust: Trust
    required_core: Version | None
    dependencies: tuple[Dependency, ...]
    why: tuple[Reason, ...]


class LibraryPin(Struct, frozen=True, kw_only=True):
    """A jar that the formula puts into the controller."""

    artifact: str
    origin: Origin
    digest: Digest
    size: int  # bytes
    trust: Trust


class Package(Struct, frozen=True, kw_only=True):
    """One Debian package inside a base."""

    name: str
    version: str


class BasePin(Struct, frozen=True, kw_only=True):
    """A base made of Debian packages, for one platform."""

    platform: str  # such as ``linux/amd64``
    suite: str
    wished: tuple[str, ...]  # the packages the formula names, ascending
    packages: tuple[Package, ...]  # all that are installed, by name
    digest: Digest  # of the tar
    size: int  # bytes


class ImagePin(Struct, frozen=True, kw_only=True):
    """A base that is an image already, for one platform; the store keeps it as an OCI archive."""

    platform: str  # such as ``linux/amd64``
    wished: str  # as the formula names it: ``registry jenkins/jenkins:2.346.3-jdk11``
    manifest: Digest  # of the image's manifest, as its registry has it
    digest: Digest  # of the archive
    size: int  # bytes of the archive

    @property
    def packages(self) -> tuple[Package, ...]:
        """None are known: whoever made the image has not told."""
        return ()


AnyBasePin: TypeAlias = BasePin | ImagePin
AnyPin: TypeAlias = CorePin | Pin | LibraryPin | AnyBasePin


class InputPin(Struct, frozen=True, kw_only=True):
    """One file beside the formula and the digest it had."""

    path: PurePosixPath
    digest: Digest


class CataloguePin(Struct, frozen=True, kw_only=True):
    """One index that the choice rests on, as it was."""

    site: str  # the id the document gives itself
    timestamp: str | None  # ISO 8601, UTC; when it was generated
    digest512: str  # SHA-512 of the canonical text, 128 hex digits
    signer: Digest | None  # fingerprint of the root that vouches for it
    trust: Trust


class Lock(Struct, frozen=True, kw_only=True):
    """Every file a build may fetch, and the inputs that led to them."""

    fingerprint: Digest  # of the formula's meaning; secrets, tags, trial left out
    core: CorePin
    plugins: tuple[Pin, ...]  # by plugin id, ascending
    bases: tuple[AnyBasePin, ...]  # by platform, ascending
    inputs: tuple[InputPin, ...]  # by path, ascending
    catalogues: tuple[CataloguePin, ...] = ()  # in the order of the sources
    libraries: tuple[LibraryPin, ...] = ()  # by artifact id, ascending

    def find(self, plugin: PluginId) -> Pin | None:
        """Look a pin up by its exact plugin id."""
        return next((each for each in self.plugins if each.plugin == plugin), None)

    def library(self, artifact: str) -> LibraryPin | None:
        """Look the pin of a library up by its artifact id."""
        return next((each for each in self.libraries if each.artifact == artifact), None)


class ChangeKind(Enum):
    """How one entry of a lock differs from another's."""

    ADDED = "added"
    REMOVED = "removed"
    RAISED = "raised"
    LOWERED = "lowered"
    NEW_BYTES = "new bytes"

    @classmethod
    def between(cls, before: Version, after: Version) -> "ChangeKind":
        """Tell which way a version moved; level ones differ in their bytes."""
        by_order = {-1: cls.RAISED, 0: cls.NEW_BYTES, 1: cls.LOWERED}
        return by_order[compare(before, after)]


class Change(Struct, frozen=True, kw_only=True):
    """One difference between two locks."""

    subject: str  # a plugin id, ``core``, ``base linux/amd64`` or a path
    kind: ChangeKind
    before: str | None
    after: str | None


class Aspect(Enum):
    """On which terms a locked file is there, apart from its version and bytes."""

    KIND = "kind"
    WHY = "why"
    TRUST = "trust"
    ORIGIN = "origin"


class Shift(Struct, frozen=True, kw_only=True):
    """A file that both locks pin, on other terms."""

    subject: str  # a plugin id, or ``core``
    aspect: Aspect
    before: str | None  # with ``WHY``: who asks no longer
    after: str | None  # with ``WHY``: who asks only now
    lowered: bool = False  # less vouches for it than before


class LockDiff(Struct, frozen=True, kw_only=True):
    """All that differs, core first, then plugins, bases and files."""

    changes: tuple[Change, ...]
    shifts: tuple[Shift, ...] = ()
