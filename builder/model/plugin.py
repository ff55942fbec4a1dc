"""Plugins and their releases, as manifests and catalogues tell of them."""

from enum import Enum
from pathlib import PurePosixPath
from typing import NewType

from msgspec import Struct

from builder.model.digest import Digest
from builder.version import Version

PluginId = NewType("PluginId", str)


class DependencyKind(Enum):
    """What an edge asks of a controller that loads the plugin it starts from."""

    REQUIRED = "required"  # present, active and not older
    OPTIONAL = "optional"  # not older where it is present anyway
    IMPLIED = "implied"  # a feature once in the core, now a plugin of its own


class Coordinates(Struct, frozen=True, order=True):
    """Where Maven finds a file; prints as ``group:artifact:version``."""

    group: str
    artifact: str
    version: Version
    packaging: str = "hpi"

    def __str__(self) -> str:
        """Spell it as people type it."""
        return f"{self.group}:{self.artifact}:{self.version}"


class Beside(Struct, frozen=True, order=True):
    """A file in the formula's folder."""

    path: PurePosixPath


class Addressed(Struct, frozen=True, order=True):
    """A file at the URL that the formula's wish names; the address itself enters no lock."""


class Built(Struct, frozen=True):
    """A file that a command leaves which the formula states, run on a commit or a folder."""

    commit: str | None  # all of its hex digits; None: a folder, whose files are in ``recipe``
    recipe: Digest  # of the sources, their address, command and output

    def __str__(self) -> str:
        """Say it to people."""
        return f"commit {self.commit[:12]}" if self.commit else "a folder with sources"


Origin = Coordinates | PurePosixPath | Beside | Addressed | Built
"""Where a file comes from: Maven, a path below the root of every mirror of an update site such as
``plugins/git/5.2.2/git.hpi``, the formula's folder, the URL of a wish, or its sources."""


class Trust(Enum):
    """What vouches for a digest."""

    SIGNED = "signed"
    SIDECAR = "sidecar"  # a digest file from another host than the file
    UNSIGNED = "unsigned"  # an index without a signature, which a person named
    FIRST_USE = "first-use"  # whatever came first, then remembered


class Dependency(Struct, frozen=True, kw_only=True):
    """One edge: the plugin it points at and the oldest version that will do."""

    plugin: PluginId
    minimum: Version
    kind: DependencyKind


class Release(Struct, frozen=True, kw_only=True):
    """One plugin id at one version, with the facts a resolution rests on."""

    plugin: PluginId
    version: Version
    required_core: Version | None
    dependencies: tuple[Dependency, ...]
    origin: Origin
    digest: Digest | None = None  # None until the file has been seen
    size: int | None = None  # bytes
    required_java: int | None = None  # 8, 11, ...; read only by cores 2.158 to 2.347
    compatible_since: Version | None = None  # older configuration may not be readable
    trust: Trust = Trust.FIRST_USE
    source: str = ""  # the index that tells of it, as its ``Identity`` calls it


class Listing(Struct, frozen=True, kw_only=True):
    """What an index says of a plugin without its file: where it lives, what is offered."""

    plugin: PluginId
    group: str | None
    offered: Version | None
