"""Every foreseen failure, as facts. Words, hints and exit codes live in ``cli/words.py``."""

from builder.errors.base import JbuildError, Terminated
from builder.errors.checks import CheckFailed, LockOutdated, VerificationFailed
from builder.errors.engine import (
    ArchiveBroken,
    BuildFailed,
    EngineError,
    EngineUnreachable,
    ImageMissing,
    NoSpace,
    PublishError,
    ToolMissing,
)
from builder.errors.formula import (
    FormulaError,
    FormulaInvalid,
    FormulaMissing,
    OutsideFolder,
    Unreadable,
)
from builder.errors.lock import LockBroken, LockError, LockMissing, LockStale, LockTooNew
from builder.errors.resolution import (
    CoreTooOld,
    DependencyCycle,
    DependencyUnmet,
    NotAController,
    NotAPlugin,
    ResolutionError,
    UnknownPlugin,
    WishBelowBound,
)
from builder.errors.settings import SettingsError
from builder.errors.sources import (
    ArtifactsMissing,
    BaseUnavailable,
    DigestMismatch,
    IntegrityError,
    OfflineMiss,
    SourceError,
)

__all__ = [
    "ArchiveBroken",
    "ArtifactsMissing",
    "BaseUnavailable",
    "BuildFailed",
    "CheckFailed",
    "CoreTooOld",
    "DependencyCycle",
    "DependencyUnmet",
    "DigestMismatch",
    "EngineError",
    "EngineUnreachable",
    "FormulaError",
    "FormulaInvalid",
    "FormulaMissing",
    "ImageMissing",
    "IntegrityError",
    "JbuildError",
    "LockBroken",
    "LockError",
    "LockMissing",
    "LockOutdated",
    "LockStale",
    "LockTooNew",
    "NoSpace",
    "NotAController",
    "NotAPlugin",
    "OfflineMiss",
    "OutsideFolder",
    "PublishError",
    "ResolutionError",
    "SettingsError",
    "SourceError",
    "Terminated",
    "ToolMissing",
    "UnknownPlugin",
    "Unreadable",
    "VerificationFailed",
    "WishBelowBound",
]
