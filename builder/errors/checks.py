"""jbuild worked, and the answer is no."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from builder.errors.base import JbuildError
from builder.model.digest import Digest

if TYPE_CHECKING:  # many values, and few commands have one
    from builder.model.report import Report


@dataclass(eq=False, kw_only=True, repr=False)
class CheckFailed(JbuildError):
    """jbuild worked and the answer is no."""


@dataclass(eq=False, kw_only=True, repr=False)
class VerificationFailed(CheckFailed):
    """The booted image is not the controller that was asked for."""

    report: "Report"


@dataclass(eq=False, kw_only=True, repr=False)
class LockOutdated(CheckFailed):
    """``lock --check`` found that the lock no longer fits the formula."""

    path: Path
    changed: tuple[str, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class AuditRefused(CheckFailed):
    """The audit found what neither the policy nor an allowance accepts."""

    refused: tuple[str, ...]  # id and subject of each finding, the heaviest first


@dataclass(eq=False, kw_only=True, repr=False)
class LintRefused(CheckFailed):
    """Configuration holds faults that neither a lock nor an allowance makes good."""

    refused: tuple[str, ...]  # id and place of each finding, the heaviest first


@dataclass(eq=False, kw_only=True, repr=False)
class RenderedOtherwise(CheckFailed):
    """What somebody has differs from what is rendered."""

    path: Path
    count: int  # of differences


@dataclass(eq=False, kw_only=True, repr=False)
class StoreDamaged(CheckFailed):
    """``cache verify`` found files whose bytes had changed; they are gone, to be fetched again."""

    dropped: tuple[Digest, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class TokenRefused(CheckFailed):
    """A token that was to be judged would not be accepted."""

    said: tuple[str, ...]  # every reason, none with a part of the token in it
