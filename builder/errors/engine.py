"""Tools of this machine that are absent or failed, and registries that refused."""

from dataclasses import dataclass
from pathlib import Path

from builder.errors.base import JbuildError


@dataclass(eq=False, kw_only=True, repr=False)
class EngineError(JbuildError):
    """A tool this machine needs is absent, or failed."""


@dataclass(eq=False, kw_only=True, repr=False)
class EngineUnreachable(EngineError):
    """No container engine answers."""

    address: str
    said: str


@dataclass(eq=False, kw_only=True, repr=False)
class BuilderUnreachable(EngineUnreachable):
    """buildx has no such builder, or it does not answer; ``address`` is its name."""


@dataclass(eq=False, kw_only=True, repr=False)
class BuildFailed(EngineError):
    """A step of the build failed; ``said`` is what came last."""

    step: str
    said: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class PlatformsRefused(EngineError):
    """An engine does not build for these platforms, or the way it is asked to."""

    platforms: tuple[str, ...]
    fault: str
    way: str


@dataclass(eq=False, kw_only=True, repr=False)
class CommandFailed(EngineError):
    """A command that the formula states did not leave its file; ``said`` is what came last."""

    command: str
    sources: str
    fault: str
    said: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class ImageMissing(EngineError):
    """The engine has no such image."""

    reference: str


@dataclass(eq=False, kw_only=True, repr=False)
class ContainerMissing(EngineError):
    """The engine has no such container, or it does not run."""

    name: str
    said: str


@dataclass(eq=False, kw_only=True, repr=False)
class ControllerDown(EngineError):
    """A controller that tests were to ask did not come up; ``said`` is the end of its log."""

    image: str
    ending: str
    said: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class ToolMissing(EngineError):
    """A program is not on the PATH."""

    tool: str
    package: str  # of Debian, to install it from


@dataclass(eq=False, kw_only=True, repr=False)
class NoSpace(EngineError):
    """A disk is full, or may not be written to."""

    path: Path
    said: str


@dataclass(eq=False, kw_only=True, repr=False)
class FolderTaken(EngineError):
    """A folder to be written holds what is not ours; ``found`` is the first of it."""

    path: Path
    found: str


@dataclass(eq=False, kw_only=True, repr=False)
class ArchiveBroken(EngineError):
    """An archive cannot be read, or must not be."""

    path: Path
    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class PublishError(JbuildError):
    """An image could not be published."""


@dataclass(eq=False, kw_only=True, repr=False)
class RegistryRefused(PublishError):
    """A registry refuses, cannot be reached, or keeps something else than it was sent."""

    reference: str
    said: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class TagTaken(PublishError):
    """Tags that name versions mean other images already."""

    taken: tuple[str, ...]  # each with the digest it has


@dataclass(eq=False, kw_only=True, repr=False)
class NowhereToPublish(PublishError):
    """Nothing names a tag."""
