"""Errors to words, by ``templates``; error family to exit code."""

from dataclasses import fields
from enum import Enum

from msgspec import Struct

from builder import errors
from builder.cli.show_refusal import refusal_facts, refusal_lines
from builder.cli.templates import TEMPLATES
from builder.errors import JbuildError
from builder.model.formula import Problem
from builder.report import facts

CODE_BY_FAMILY: tuple[tuple[type[JbuildError], int], ...] = (
    (errors.CheckFailed, 1),
    (errors.FormulaError, 3),
    (errors.ResolutionError, 4),
    (errors.LockError, 5),
    (errors.SourceError, 6),
    (errors.IntegrityError, 7),
    (errors.EngineError, 8),
    (errors.PublishError, 9),
    (errors.SettingsError, 10),
    (errors.Terminated, 143),
)
DEFECT = 70
INTERRUPTED = 130


class Words(Struct, frozen=True, kw_only=True):
    """What a person reads of one error."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    hint: str | None = None


def exit_code(error: JbuildError) -> int:
    """Give the code of the error's family; a signal's own for whoever was asked to end."""
    if isinstance(error, errors.Terminated):
        return 128 + error.signal
    return next(code for family, code in CODE_BY_FAMILY if isinstance(error, family))


def kind(error: JbuildError) -> str:
    """Name the error for machines."""
    return type(error).__name__


def words(error: JbuildError) -> Words:
    """Word an error."""
    template = TEMPLATES[type(error)]
    shown = {each.name: _shown(each.name, getattr(error, each.name)) for each in fields(error)}
    facts = [(label, shown[name]) for label, name in template.facts if shown[name]]
    if template.each:
        label, name = template.each
        facts += [(label, str(each)) for each in getattr(error, name)]
    if isinstance(error, errors.DemandsConflict):
        facts += refusal_lines(error)
    if isinstance(error, errors.FormulaInvalid):
        facts += [(str(each.place), _problem(each)) for each in error.problems]
    return Words(
        title=template.title.format(**shown),
        facts=tuple(facts),
        hint=template.hint.format(**shown) if template.hint else None,
    )


def facts_of(error: JbuildError) -> dict[str, object]:
    """Give an error's facts for ``--json``: texts, numbers and lists of them."""
    if isinstance(error, errors.VerificationFailed):
        return {"report": facts(error.report)}
    if isinstance(error, errors.DemandsConflict):
        return refusal_facts(error)
    return {each.name: _plain(getattr(error, each.name)) for each in fields(error)}


def _plain(value: object) -> object:
    if isinstance(value, Problem):
        return {"at": str(value.place), "path": value.path, "problem": _problem(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    return str(value)


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return (" -> " if name in {"chain", "cycle"} else ", ").join(str(each) for each in value)
    return str(value)


def _problem(problem: Problem) -> str:
    path = f"{problem.path}: " if problem.path else ""
    return f"{path}found {problem.found}, wanted {problem.wanted}"
