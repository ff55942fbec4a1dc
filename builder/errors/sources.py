"""Files that cannot be had, or are not what they should be."""

from dataclasses import dataclass

from builder.errors.base import JbuildError
from builder.model.digest import Digest
from builder.model.formula import Place
from builder.model.plugin import Coordinates, PluginId


@dataclass(eq=False, kw_only=True)
class SourceError(JbuildError):
    """A file could not be had."""


@dataclass(eq=False, kw_only=True)
class ArtifactsMissing(SourceError):
    """Maven has no such file; ``said`` is Maven's own sentence."""

    missing: tuple[Coordinates, ...]
    said: tuple[str, ...]
    places: tuple[Place, ...] = ()  # of the wishes for them
    needed_by: tuple[PluginId, ...] = ()  # plugins that depend on them


@dataclass(eq=False, kw_only=True)
class BaseUnavailable(SourceError):
    """The packages of a base cannot be had any more, or not from here."""

    suite: str
    packages: tuple[str, ...]
    said: tuple[str, ...]  # the last lines of the tool


@dataclass(eq=False, kw_only=True)
class OfflineMiss(SourceError):
    """``--offline``, and the store does not hold this."""

    wanted: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class IntegrityError(JbuildError):
    """Bytes are not what they should be."""


@dataclass(eq=False, kw_only=True)
class DigestMismatch(IntegrityError):
    """A file is not the one that was locked."""

    name: str
    wanted: Digest
    got: Digest
