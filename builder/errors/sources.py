"""Files that cannot be had, or are not what they should be."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from builder.errors.base import JbuildError
from builder.model.digest import Digest
from builder.model.formula import Place
from builder.model.plugin import Coordinates, PluginId


@dataclass(eq=False, kw_only=True, repr=False)
class SourceError(JbuildError):
    """A file could not be had."""


@dataclass(eq=False, kw_only=True, repr=False)
class ArtifactsMissing(SourceError):
    """Maven has no such file; ``said`` is Maven's own sentence."""

    missing: tuple[Coordinates, ...]
    said: tuple[str, ...]
    places: tuple[Place, ...] = ()  # of the wishes for them
    needed_by: tuple[PluginId, ...] = ()  # plugins that depend on them


@dataclass(eq=False, kw_only=True, repr=False)
class SourceUnreachable(SourceError):
    """A document of an update site could not be had."""

    url: str  # without user, password and query
    said: tuple[str, ...]  # try by try


@dataclass(eq=False, kw_only=True, repr=False)
class BodyTooLarge(SourceError):
    """A server sent more than any such document holds."""

    url: str
    limit: int  # bytes


@dataclass(eq=False, kw_only=True, repr=False)
class CatalogueBroken(SourceError):
    """What should be an index of plugins is none."""

    source: str  # URL without secrets, or path
    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class FilesUnreachable(SourceError):
    """No mirror has these files whole and right."""

    files: tuple[str, ...]  # for people: ``git 5.2.2``
    said: tuple[str, ...]  # mirror by mirror, for every file


@dataclass(eq=False, kw_only=True, repr=False)
class ReleasesUnlisted(SourceError):
    """Pinned releases that no catalogue lists, and whose files cannot be had to be read."""

    releases: tuple[str, ...]  # for people: ``node-iterator-api 1.5``
    places: tuple[Place, ...]  # of the wishes for them
    near: tuple[str, ...]  # the listed releases around each
    said: tuple[str, ...]  # mirror by mirror


@dataclass(eq=False, kw_only=True, repr=False)
class BaseUnavailable(SourceError):
    """The packages of a base cannot be had any more, or not from here."""

    suite: str
    packages: tuple[str, ...]
    said: tuple[str, ...]  # the last lines of the tool


@dataclass(eq=False, kw_only=True, repr=False)
class ImageUnavailable(SourceError):
    """A base image cannot be had, or not for this platform."""

    image: str  # as the formula names it: ``registry jenkins/jenkins:2.346.3``
    said: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class CommitUnavailable(SourceError):
    """A commit cannot be had."""

    address: str  # without user and password
    commit: str
    said: tuple[str, ...]  # git's own lines


@dataclass(eq=False, kw_only=True, repr=False)
class OfflineMiss(SourceError):
    """``--offline``, and the store does not hold this."""

    wanted: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class IntegrityError(JbuildError):
    """Bytes are not what they should be."""


@dataclass(eq=False, kw_only=True, repr=False)
class DigestMismatch(IntegrityError):
    """A file is not the one that was locked."""

    name: str
    wanted: Digest
    got: Digest


@dataclass(eq=False, kw_only=True, repr=False)
class BundleBroken(IntegrityError):
    """A bundle cannot be read, or does not hold what it says."""

    path: Path
    fault: str


class Distrust(Enum):
    """Why a catalogue does not count."""

    ALTERED = "altered"  # the digest or a signature does not fit the text
    REWRITTEN = "rewritten by a mirror"  # URLs were changed below the official signature
    EXPIRED = "expired"  # or not yet valid, at the time that counts
    UNKNOWN_SIGNER = "unknown signer"  # well signed, by nobody we trust
    UNSIGNED = "unsigned"
    OLDER = "older than seen"


@dataclass(eq=False, kw_only=True, repr=False)
class CatalogueUntrusted(IntegrityError):
    """A catalogue's signature does not hold, or it is older than one already seen."""

    source: str  # URL without secrets, or path
    distrust: Distrust
    fault: str  # one sentence: what was compared, with dates and fingerprints


@dataclass(eq=False, kw_only=True, repr=False)
class Unvouched(IntegrityError):
    """Files that no signature vouches for, and a policy that asks for one."""

    pins: tuple[str, ...]  # for people: ``git 1.5 (first-use)``
