"""``jbuild resolve`` and ``jbuild lock``."""

import click

from builder import pipeline
from builder.cli import show
from builder.cli.options import FORMULA, Request, request
from builder.errors import LockOutdated
from builder.sources import locks


@click.command()
@FORMULA
@request
def resolve(*, request: Request) -> None:
    r"""Choose the plugin set and show it.

    \b
    Examples:
      jbuild resolve
      jbuild resolve formula.yaml --json
    """
    world = request.world()
    formula = request.read(world)
    old = locks.read(world, request.lock)
    if request.frozen:
        locks.require(request.lock, old, locks.stale(formula, old))
    _, resolution = pipeline.make_resolution(world, formula, old)
    shown = show.resolution_json if request.as_json else show.resolution
    click.echo(shown(resolution))


@click.command()
@FORMULA
@request
@click.option("--check", is_flag=True, help="Only say whether the lock still fits; 1 if not.")
def lock(*, request: Request, check: bool) -> None:
    r"""Write the lock, keeping what is pinned.

    What became different goes to stdout; nothing when the lock already fitted.

    \b
    Examples:
      jbuild lock
      jbuild lock formula.yaml --check
    """
    world = request.world()
    formula = request.read(world)
    if check:
        changed = locks.stale(formula, locks.read(world, request.lock))
        if request.as_json:
            click.echo(show.document({"changed": list(changed)}))
        if changed:
            raise LockOutdated(path=request.lock, changed=changed)
        return
    settled = pipeline.settle_lock(world, formula, request.lock, frozen=request.frozen)
    said = show.diff_json(settled) if request.as_json else show.diff(settled)
    if said:
        click.echo(said)
