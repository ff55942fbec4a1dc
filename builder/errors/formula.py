"""The formula has to be edited."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.errors.base import JbuildError
from builder.model.formula import Problem


@dataclass(eq=False, kw_only=True, repr=False)
class FormulaError(JbuildError):
    """Something in the formula has to be edited."""


@dataclass(eq=False, kw_only=True, repr=False)
class FormulaMissing(FormulaError):
    """There is no such file."""

    path: Path


@dataclass(eq=False, kw_only=True, repr=False)
class FormulaTaken(FormulaError):
    """A file is there already, where a new one was to be written."""

    path: Path


@dataclass(eq=False, kw_only=True, repr=False)
class FormulaInvalid(FormulaError):
    """The file is there and cannot be accepted; ``problems`` holds all of them."""

    problems: tuple[Problem, ...]  # by place


@dataclass(eq=False, kw_only=True, repr=False)
class Unreadable(FormulaError):
    """A file that belongs to the formula cannot be read."""

    path: Path
    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class OutsideFolder(FormulaError):
    """A path of the formula leads out of its folder, through a link."""

    path: PurePosixPath


@dataclass(eq=False, kw_only=True, repr=False)
class CoreUnknown(FormulaError):
    """Nothing says which core plugins are to be chosen for."""

    sources: tuple[str, ...]
