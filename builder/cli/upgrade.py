"""``jbuild upgrade``: a lock moved to what is newest, as far as the formula lets it."""

from collections.abc import Iterable
from difflib import get_close_matches

import click
from msgspec.structs import replace

from builder import audit as audits
from builder import pipeline
from builder.cli import show_audit, show_move
from builder.cli.named import read_lock
from builder.cli.options import Request, beside, request
from builder.model.audit import Known
from builder.model.formula import Formula, Mode
from builder.model.lock import Lock
from builder.model.plugin import PluginId
from builder.sources import known, making


@click.command()
@click.argument("plugins", nargs=-1)
@beside("The formula whose lock is moved.")
@click.option(
    "--only",
    type=click.Choice(["security"]),
    help="Move only what a published weakness concerns and a newer release mends.",
)
@click.option("--base", is_flag=True, help="Take the base anew; plugins move only if named.")
@click.option("--dry-run", is_flag=True, help="Show what would move, and write nothing.")
@request
def upgrade(
    *, request: Request, plugins: tuple[str, ...], only: str | None, base: bool, dry_run: bool
) -> None:
    r"""Move the lock to newer releases: all of it, or the plugins that are named.

    What the formula pins stays, and so does whatever the moved plugins do not ask to move. With
    --core the plugins are chosen for another core, which the formula has to name afterwards.

    \b
    Examples:
      jbuild upgrade
      jbuild upgrade git credentials
      jbuild upgrade --only security
      jbuild upgrade --base
      jbuild upgrade --core 2.426.3 --dry-run --json
    """
    if request.frozen:
        said = "--frozen never writes a lock, and upgrade does"
        raise click.UsageError(said)
    if only and plugins:
        said = "--only security chooses the plugins, so none can be named"
        raise click.UsageError(said)
    old = read_lock(request.lock)
    world = request.world()
    formula = request.read(world)
    about = known.read(world, formula, request.asked(), old)
    moving = _weak(old, about) if only else _named(old, plugins, none=base)
    _tell_pinned(formula, moving if plugins or only else (), request)
    kept = replace(old, bases=()) if base else old
    settled = making.upgrade(world, formula, kept, moving, request.asked())
    if not dry_run:
        pipeline.write_lock(world, formula, request.lock, settled)
    show_audit.tell(settled.findings, quiet=request.quiet)
    found = audits.moves(old, settled.lock, about)
    shown = show_move.moves_json(found, judged=True) if request.as_json else show_move.moves(found)
    click.echo(shown)


def _named(old: Lock, plugins: tuple[str, ...], *, none: bool) -> tuple[PluginId, ...]:
    """Take the plugins that are named; none named means all, or with ``none`` none."""
    locked = [each.plugin for each in old.plugins]
    for each in plugins:
        if each not in locked:
            near = get_close_matches(each, locked, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            said = f"{each} is not in the lock{hint}"
            raise click.BadParameter(said, param_hint="PLUGIN")
    return tuple(PluginId(each) for each in plugins) or (() if none else tuple(locked))


def _weak(old: Lock, about: Known) -> tuple[PluginId, ...]:
    """Name the plugins with a weakness that a release for this core does not have."""
    newer = audits.outdated(old, about, java=audits.java_of_lock(old, about))
    fixed = {each.subject for each in newer if each.fixes}
    return tuple(each.plugin for each in old.plugins if each.plugin in fixed)


def _tell_pinned(formula: Formula, moving: Iterable[PluginId], request: Request) -> None:
    """Say which of the plugins cannot move, because the formula names their version."""
    if request.quiet:
        return
    wanted = set(moving)
    for each in formula.plugins:
        if each.plugin in wanted and each.mode is Mode.PINNED:
            said = f"note: {each.place}: {each.plugin} stays at {each.version}, which is pinned"
            click.echo(said, err=True)
