"""``jbuild audit`` and ``jbuild outdated``: a lock held against what the catalogues know."""

import click

from builder import audit as audits
from builder.cli import machine, show_audit, show_move
from builder.cli.named import read_lock
from builder.cli.options import FORMULA, Request, request
from builder.errors import AuditRefused
from builder.model.audit import Known
from builder.model.formula import Formula
from builder.model.inventory import Contents
from builder.model.lock import Lock
from builder.sources import known, locks


@click.command()
@FORMULA
@request
@click.option("--strict", is_flag=True, help="Let warnings say no, too: exit code 1.")
def audit(*, request: Request, strict: bool) -> None:
    r"""Report weaknesses, floors, withdrawn plugins and what nobody vouches for.

    What the formula allows under policy.allow is shown, and does not count. Warnings are
    reported; what a controller or the policy refuses is an error, and ends in exit code 1.

    \b
    Examples:
      jbuild audit
      jbuild audit formula.yaml --strict
      jbuild audit --json --offline
    """
    locked = read_lock(request.lock)
    formula, about = look_up(request, locked)
    _tell_stale(request, formula, locked)
    found = audits.audit(locked, about, formula.policy, machine.now().date())
    refused = audits.refused(found, strict=strict)
    if request.as_json:
        said = show_audit.findings_json(found, core=locked.core.version, passed=not refused)
    else:
        said = show_audit.findings(found)
    click.echo(said)
    if refused:
        raise AuditRefused(refused=tuple(f"{each.id} ({each.subject})" for each in refused))


@click.command()
@FORMULA
@request
def outdated(*, request: Request) -> None:
    r"""Show what is newer than the lock, and what stands in the way of it.

    Says nothing where everything is the newest that is known.

    \b
    Examples:
      jbuild outdated
      jbuild outdated formula.yaml --json
    """
    locked = read_lock(request.lock)
    formula, about = look_up(request, locked)
    _tell_stale(request, formula, locked)
    found = audits.outdated(locked, about, java=audits.java_of_lock(locked, about))
    if request.as_json:
        click.echo(show_move.outdated_json(found))
    elif found:
        click.echo(show_move.outdated(found))


def look_up(request: Request, locked: Contents) -> tuple[Formula, Known]:
    """Read the formula, and what its catalogues know of a lock, or of an image."""
    world = request.world()
    formula = request.read(world)
    return formula, known.read(world, formula, request.asked(), locked)


def _tell_stale(request: Request, formula: Formula, locked: Lock) -> None:
    """Say that a lock no longer fits and look at it all the same, unless ``--frozen``."""
    changed = locks.stale(formula, locked)
    if request.frozen:
        locks.require(request.lock, locked, changed)
    if changed and not request.quiet:
        click.echo(f"note: {request.lock} no longer fits its formula: {changed[0]}", err=True)
