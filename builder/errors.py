"""Every foreseen failure, as facts. Words, hints and exit codes live in ``cli/words.py``."""

from dataclasses import dataclass, field, fields
from pathlib import Path, PurePosixPath

from builder.model.digest import Digest
from builder.model.formula import Place, Problem
from builder.model.plugin import Coordinates, PluginId
from builder.model.report import Report
from builder.version import Version


@dataclass(eq=False, kw_only=True)
class JbuildError(Exception):
    """Base class.

    Not frozen: Python writes ``__traceback__`` on a live exception, and a frozen one becomes
    FrozenInstanceError in a ``@contextmanager``. ``eq=False`` keeps it hashable.
    """

    def __str__(self) -> str:
        """List the facts for logs and failing tests; people read ``cli/words.py``."""
        facts = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
        return f"{type(self).__name__}({', '.join(facts)})"


@dataclass(eq=False, kw_only=True)
class CheckFailed(JbuildError):
    """jbuild worked and the answer is no."""


@dataclass(eq=False, kw_only=True)
class VerificationFailed(CheckFailed):
    """The booted image is not the controller that was asked for."""

    report: Report


@dataclass(eq=False, kw_only=True)
class LockOutdated(CheckFailed):
    """``lock --check`` found that the lock no longer fits the formula."""

    path: Path
    changed: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class FormulaError(JbuildError):
    """Something in the formula has to be edited."""


@dataclass(eq=False, kw_only=True)
class FormulaMissing(FormulaError):
    """There is no such file."""

    path: Path


@dataclass(eq=False, kw_only=True)
class FormulaInvalid(FormulaError):
    """The file is there and cannot be accepted; ``problems`` holds all of them."""

    problems: tuple[Problem, ...]  # by place


@dataclass(eq=False, kw_only=True)
class ResolutionError(JbuildError):
    """No plugin set fits the wishes."""


@dataclass(eq=False, kw_only=True)
class UnknownPlugin(ResolutionError):
    """Nothing says where ``plugin`` is published."""

    plugin: PluginId
    chain: tuple[PluginId, ...]  # from a wish down to ``plugin``
    place: Place | None
    near: tuple[PluginId, ...]


@dataclass(eq=False, kw_only=True)
class CoreTooOld(ResolutionError):
    """``plugin`` needs a newer core than the formula names."""

    plugin: PluginId
    version: Version
    needs: Version
    core: Version
    chain: tuple[PluginId, ...]  # from a wish down to ``plugin``
    place: Place | None


@dataclass(eq=False, kw_only=True)
class WishBelowBound(ResolutionError):
    """A wish pins ``plugin`` below what another plugin demands."""

    plugin: PluginId
    wished: Version
    demander: PluginId
    minimum: Version
    chain: tuple[PluginId, ...]  # from a wish down to ``demander``
    place: Place | None


@dataclass(eq=False, kw_only=True)
class NotAPlugin(ResolutionError):
    """A file that should hold a plugin does not, or holds another one."""

    plugin: PluginId
    origin: str
    fault: str


@dataclass(eq=False, kw_only=True)
class DependencyUnmet(ResolutionError):
    """``plugin`` needs another plugin that is absent or too old; found when checking an answer."""

    plugin: PluginId
    needs: PluginId
    minimum: Version
    found: Version | None


@dataclass(eq=False, kw_only=True)
class NotAController(ResolutionError):
    """The file that should be the controller's WAR is none."""

    origin: str
    fault: str


@dataclass(eq=False, kw_only=True)
class DependencyCycle(ResolutionError):
    """Plugins that need each other: a controller deactivates all of them."""

    cycle: tuple[PluginId, ...]


@dataclass(eq=False, kw_only=True)
class LockError(JbuildError):
    """The lock cannot be used."""

    path: Path


@dataclass(eq=False, kw_only=True)
class LockMissing(LockError):
    """``--frozen`` without a lock."""


@dataclass(eq=False, kw_only=True)
class LockStale(LockError):
    """``--frozen``, and the lock no longer fits the formula."""

    changed: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class LockBroken(LockError):
    """Not a lock, or one that contradicts itself."""

    fault: str


@dataclass(eq=False, kw_only=True)
class LockTooNew(LockError):
    """Written by a newer jbuild."""

    schema: int


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


@dataclass(eq=False, kw_only=True)
class EngineError(JbuildError):
    """A tool this machine needs is absent, or failed."""


@dataclass(eq=False, kw_only=True)
class EngineUnreachable(EngineError):
    """No container engine answers."""

    address: str
    said: str


@dataclass(eq=False, kw_only=True)
class BuildFailed(EngineError):
    """A step of the build failed; ``said`` is what came last."""

    step: str
    said: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class ImageMissing(EngineError):
    """The engine has no such image."""

    reference: str


@dataclass(eq=False, kw_only=True)
class ToolMissing(EngineError):
    """A program is not on the PATH."""

    tool: str
    package: str  # of Debian, to install it from


@dataclass(eq=False, kw_only=True)
class NoSpace(EngineError):
    """A disk is full, or may not be written to."""

    path: Path
    said: str


@dataclass(eq=False, kw_only=True)
class ArchiveBroken(EngineError):
    """An archive cannot be read, or must not be."""

    path: Path
    fault: str


@dataclass(eq=False, kw_only=True)
class PublishError(JbuildError):
    """The registry refused."""

    reference: str
    said: str


@dataclass(eq=False, kw_only=True)
class SettingsError(JbuildError):
    """A settings file or variable cannot be used."""

    name: str
    value: str
    origin: str
    wanted: str


@dataclass(eq=False, kw_only=True)
class Terminated(JbuildError):
    """Somebody asked this process to end (SIGTERM)."""

    signal: int = field(default=15)


@dataclass(eq=False, kw_only=True)
class OutsideFolder(FormulaError):
    """A path of the formula leads out of its folder, through a link."""

    path: PurePosixPath
