"""Boots an image, as often as is wished, and has what was seen judged."""

from msgspec.structs import replace

from builder import verify
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.model.report import ONCE, Observation, Relived, Report, Retrial, Trial
from builder.ports import Booter, Visitor


def examine(
    booter: Booter, formula: Formula, locked: Lock, reference: str, retrial: Retrial = ONCE
) -> Report:
    """Boot an image and judge what is seen; leave nothing behind."""
    prefix = verify.prefix(formula)
    trial = verify.trial(reference, locked, formula.trial, prefix)
    trial = replace(trial, connects=retrial.connects, casc=verify.overlaid(formula))
    expected = verify.expect(locked, trial, formula)
    seen, *more = _boots(booter, trial, retrial)
    old_image = retrial.old_image
    over = booter.relive(verify.upgraded(trial, old_image)) if old_image else ()
    relived = Relived(
        retrial=retrial,
        again=more[0] if more else None,
        old=over[0] if over else None,
        new=over[1] if len(over) > 1 else None,
    )
    return verify.judge(expected, seen, relived)


def visit(visitor: Visitor, formula: Formula, locked: Lock, place: str) -> Report:
    """Look at a controller that runs already, and judge what is seen.

    Args:
        visitor: who looks.
        formula: whose checks hold.
        locked: what it should be made of.
        place: ``container:NAME``, or a URL.
    """
    prefix = "" if "://" in place else verify.prefix(formula)
    trial = replace(verify.trial(place, locked, formula.trial, prefix), known_posts=())
    return verify.judge(verify.expect(locked, trial, formula), visitor.visit(trial))


def _boots(booter: Booter, trial: Trial, retrial: Retrial) -> tuple[Observation, ...]:
    return booter.relive(verify.restarted(trial)) if retrial.restarts else (booter.observe(trial),)
