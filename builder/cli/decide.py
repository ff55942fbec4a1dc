"""``jbuild resolve`` and ``jbuild lock``."""

from pathlib import Path

import click
from click.core import ParameterSource

from builder import audit
from builder.cli import machine, show_audit, show_resolution
from builder.cli.options import FORMULA, Request, request
from builder.cli.shapes import document
from builder.errors import LockOutdated, Unreadable
from builder.formula import bare, each_once, plugin_list, typed_list
from builder.model.audit import AuditFinding
from builder.model.controller import Family
from builder.model.formula import Formula, Wish
from builder.ports import World
from builder.sources import locks, making, survey
from builder.sources.survey import Survey


@click.command()
@FORMULA
@request
@click.option(
    "--plugins",
    "files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Take wishes from a plugins.txt or .yaml instead of a formula; repeatable.",
)
@click.option(
    "--plugin",
    "named",
    multiple=True,
    metavar="ID[:VERSION]",
    help="Wish for one plugin instead of a formula's; repeatable.",
)
def resolve(*, request: Request, files: tuple[Path, ...], named: tuple[str, ...]) -> None:
    r"""Choose the plugin set and show it.

    Without a formula the plugins are chosen for --core, or for the core that the catalogue is
    for. A set that cannot be had is refused with the demands that clash and with what would help.

    \b
    Examples:
      jbuild resolve
      jbuild resolve formula.yaml --json
      jbuild resolve --plugins plugins.txt --core 2.346.3
      jbuild resolve --plugin git --plugin blueocean:1.27.9 --catalogue update-center.json
    """
    world = request.world()
    if files or named:
        _refuse_formula_beside_lists()
        formula, old = _listed(world, request, files, named), None
    else:
        formula = request.read(world)
        old = locks.read(world, request.lock)
    if request.frozen:
        locks.require(request.lock, old, locks.stale(formula, old))
    known = survey.glance(world, formula, old, request.asked())
    resolution = making.make_resolution(world, formula, known, old)
    found = _findings(formula, known)
    if request.as_json:
        click.echo(show_resolution.resolution_json(resolution, found))
        return
    click.echo(show_resolution.resolution(resolution))
    show_audit.tell(found, quiet=request.quiet)


def _refuse_formula_beside_lists() -> None:
    source = click.get_current_context().get_parameter_source("formula")
    if source is ParameterSource.COMMANDLINE:
        said = "a formula and plugin lists were named: choose one"
        raise click.UsageError(said)


def _listed(
    world: World, request: Request, files: tuple[Path, ...], named: tuple[str, ...]
) -> Formula:
    """Make a formula out of plugin lists and of what the command line names."""
    wishes: tuple[Wish, ...] = ()
    for path in files:
        if (text := world.workspace.read_text(path)) is None:
            raise Unreadable(path=path, fault="there is no such file")
        wishes += plugin_list(text, file=str(path))
    typed = typed_list(named, option="--plugin")
    if named and not typed:
        said = "--plugin names no plugin"
        raise click.UsageError(said)
    wishes = each_once((*wishes, *typed)).wishes
    return bare(wishes, request.core, file=", ".join(map(str, files)) or "--plugin")


def _findings(formula: Formula, known: Survey) -> tuple[AuditFinding, ...]:
    """Say what a person should know of the catalogues and of the base, lock or no lock."""
    family = known.pin.family if known.pin else Family.JENKINS
    found = (
        *known.findings,
        *audit.of_base(formula.image, known.core, family),
    )
    return audit.cover(found, formula.policy.allow, machine.now().date())


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
        locks.require_buildable(formula)
        old = locks.read(world, request.lock)
        changed = locks.stale(formula, old)
        if request.as_json:
            click.echo(document({"changed": list(changed)}))
        if changed:
            raise LockOutdated(path=request.lock, changed=changed)
        if old:
            locks.require_vouched(formula, old)
        return
    from builder import pipeline  # noqa: PLC0415  # what images need, and resolve does not
    from builder.cli import show  # noqa: PLC0415

    settled = pipeline.settle_lock(
        world, formula, request.lock, request.asked(), frozen=request.frozen
    )
    show_audit.tell(settled.findings, quiet=request.quiet)
    said = show.diff_json(settled) if request.as_json else show.diff(settled)
    if said:
        click.echo(said)
