"""Boots an image, as often as is wished, and has what was seen judged."""

from msgspec.structs import replace

from builder import verify
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.model.report import ONCE, Finding, Observation, Relived, Report, Retrial, Trial
from builder.ports import Booter, Judges, Visitor
from builder.verify.judge import judge
from builder.verify.overlay import overlaid
from builder.verify.restart import restarted
from builder.verify.token import reviewing
from builder.verify.unlocked import judge_unlocked, looking
from builder.verify.upgrade import upgraded


def examine(  # noqa: PLR0913, PLR0917  # one a thing that decides
    booter: Booter,
    formula: Formula,
    locked: Lock,
    reference: str,
    retrial: Retrial = ONCE,
    judges: Judges | None = None,
) -> Report:
    """Boot an image and judge what is seen; leave nothing behind."""
    prefix = verify.prefix(formula)
    trial = verify.trial(reference, locked, formula.trial, prefix)
    trial = replace(trial, connects=retrial.connects, casc=overlaid(formula))
    expected = verify.expect(locked, trial, formula)
    seen, *more = _boots(booter, trial, retrial)
    old_image = retrial.old_image
    over = booter.relive(upgraded(trial, old_image)) if old_image else ()
    reviews = reviewing(formula, locked, trial) if retrial.reviews else None
    relived = Relived(
        retrial=retrial,
        again=more[0] if more else None,
        old=over[0] if over else None,
        new=over[1] if len(over) > 1 else None,
        reviewed=booter.observe(reviews) if reviews else None,
    )
    return _with(judge(expected, seen, relived), judges, seen)


def visit(
    visitor: Visitor, formula: Formula, locked: Lock, place: str, judges: Judges | None = None
) -> Report:
    """Look at a controller that runs already, and judge what is seen.

    Args:
        visitor: who looks.
        formula: whose checks hold.
        locked: what it should be made of.
        place: ``container:NAME``, or a URL.
        judges: of packages.
    """
    prefix = "" if "://" in place else verify.prefix(formula)
    trial = replace(verify.trial(place, locked, formula.trial, prefix), known_posts=(), scripts=())
    seen = visitor.visit(trial)
    return _with(judge(verify.expect(locked, trial, formula), seen), judges, seen)


def look(visitor: Visitor, place: str) -> tuple[Observation, tuple[Finding, ...]]:
    """Look at a controller that runs already, whatever it should be made of."""
    trial = looking(place)
    seen = visitor.visit(trial)
    return seen, judge_unlocked(trial, seen)


def _with(report: Report, judges: Judges | None, seen: Observation) -> Report:
    """Add what the judges of packages find."""
    found = judges.judge(seen) if judges else ()
    return replace(report, findings=(*report.findings, *found))


def _boots(booter: Booter, trial: Trial, retrial: Retrial) -> tuple[Observation, ...]:
    return booter.relive(restarted(trial)) if retrial.restarts else (booter.observe(trial),)
