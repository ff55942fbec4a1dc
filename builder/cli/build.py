"""``jbuild image``, ``plan``, ``war`` and ``verify``."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace

from builder import exports, pipeline
from builder import publish as publishing
from builder.cli import sboms, show, show_audit, show_report
from builder.cli.delivery import delivery, written
from builder.cli.options import FORMULA, Request, request
from builder.cli.reports import Reports, reports_option, write
from builder.cli.retrials import retrial
from builder.cli.twice import require_same
from builder.errors import VerificationFailed
from builder.image import dockerfile
from builder.image.reference import Reference
from builder.model.build import Delivery, Plan
from builder.model.formula import Formula
from builder.model.publish import Built, Place
from builder.model.report import ONCE, Receipt, Report, Retrial
from builder.ports import World
from builder.settings import OCI
from builder.sources import decide

_FILE = click.Path(path_type=Path, dir_okay=False)


class Tag(click.ParamType[str]):
    """The name of an image."""

    name = "NAME[:TAG]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Refuse what no engine takes."""
        try:
            return str(Reference.parse(str(value)))
        except ValueError as fault:
            self.fail(f"{value!r} names no image: {fault}", param, ctx)


@click.command()
@FORMULA
@request
@delivery
@click.option(
    "--tag",
    "tags",
    multiple=True,
    type=Tag(),
    help="Name the image; repeatable, replaces the tags.",
)
@click.option("--verify/--no-verify", "check", default=True, help="Boot the image and check it.")
@retrial
@reports_option
@click.option(
    "--print",
    "printed",
    type=click.Choice(["receipt", "ref"]),
    default="receipt",
    help="What goes to stdout: the receipt, or the image's reference alone.",
)
@click.option(
    "--push/--no-push", default=None, help="Publish it, as `jbuild publish` does; or not."
)
@click.option(
    "--receipt", type=_FILE, help="Write the receipt to a file, too, and the SBOM beside it."
)
@click.option("--sbom", type=_FILE, help="Write the SBOM here; alone, or instead of beside it.")
def image(  # noqa: PLR0913  # one an option
    *,
    request: Request,
    delivery: Delivery,
    tags: tuple[str, ...],
    check: bool,
    retrial: Retrial,
    printed: str,
    push: bool | None,
    receipt: Path | None,
    sbom: Path | None,
    reports: Reports,
) -> None:
    r"""Build, boot and verify the image of a formula; the main job.

    Locks first where the lock is missing or no longer fits. The receipt goes to stdout. With
    --receipt receipt.json the SBOM, CycloneDX 1.6, goes to receipt.cdx.json.

    \b
    Examples:
      jbuild image
      jbuild image formula.yaml --set version=1.2 --tag example/jenkins:1.2
      jbuild image --frozen --offline --print ref
      jbuild image --no-verify --receipt receipt.json
      jbuild image --engine buildx --builder cluster
      jbuild image --engine oci --no-verify --output layout --packing zstd
    """
    if not check and retrial != ONCE:
        said = "--agent, --restart and --from boot the image, and --no-verify does not"
        raise click.UsageError(said)
    if request.as_json and printed == "ref":
        said = "--json prints the receipt, and --print ref the reference alone"
        raise click.UsageError(said)
    world = request.world(delivery)
    formula = _formula(world, request, tags=tags, push=push)
    world.engine.require(formula.image.platforms)
    settled = pipeline.settle_lock(
        world, formula, request.lock, request.asked(), frozen=request.frozen
    )
    show_audit.tell(settled.findings, quiet=request.quiet)
    _tell(show.diff(settled), request)
    plan = pipeline.make_plan(world, formula, settled.lock)
    if delivery.engine == OCI:
        dockerfile.parse(plan.image.dockerfile)  # refuses before anything is fetched
    judged = partial(_judged, world, request, reports)
    tried = retrial if check else None
    done = _made(world, formula, plan, request.lock, tried, delivery.output, judged)
    document = show_report.receipt_json(done)
    if receipt:
        world.workspace.write(receipt, f"{document}\n".encode())
    if (target := sboms.place(sbom, receipt)) is not None:
        sboms.write(world, formula, settled.lock, target)
    click.echo(done.reference if printed == "ref" else document)


def _formula(
    world: World, request: Request, *, tags: tuple[str, ...], push: bool | None
) -> Formula:
    """Read the formula; what the command line names replaces what it says."""
    formula = request.read(world)
    wished = formula.image
    return replace(
        formula,
        image=replace(wished, tags=tags or wished.tags, push=wished.push if push is None else push),
    )


def _made(  # noqa: PLR0913, PLR0917  # one an effect
    world: World,
    formula: Formula,
    plan: Plan,
    lock_path: Path,
    retrial: Retrial | None,
    output: Path | None,
    judged: Callable[[Report], None],
) -> Receipt:
    """Build, check, publish where that is wished; ``judged`` hears of the checks in any case."""
    wished = formula.image
    wanted = publishing.targets(wished.tags, git_tag=None, platforms=()) if wished.push else ()
    try:
        done = pipeline.carry_out(world, formula, plan, lock_path=lock_path, retrial=retrial)
    except VerificationFailed as refusal:
        judged(refusal.report)
        raise
    if done.report:
        judged(done.report)
    if not wanted:
        return done
    built = written(output) if output else Built(place=Place.ENGINE, name=done.image_id)
    sent = pipeline.send(world, built, wanted, move_tags=False)
    return replace(done, published=sent, stages=world.stages.times())


def _judged(world: World, request: Request, reports: Reports, seen: Report) -> None:
    """Write and show what the checks found."""
    write(world, reports, seen)
    _tell(show_report.report(seen), request)


@click.command()
@FORMULA
@request
@click.option(
    "--context",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the build context into this folder, Dockerfile, base and all.",
)
def plan(*, request: Request, folder: Path | None) -> None:
    r"""Decide everything, show it, build nothing.

    Files that have to be read to decide are fetched into the store; the lock is not written.
    With --context all files are, and a folder that `docker build` takes is left.

    \b
    Examples:
      jbuild plan
      jbuild plan formula.yaml --frozen --json
      jbuild plan --context build
    """
    world = request.world()
    formula, planned = _planned(world, request)
    if folder:
        exports.write_context(world, formula, planned, folder)
    click.echo(show.plan_json(planned) if request.as_json else show.plan(planned))


@click.command()
@FORMULA
@request
@click.option(
    "--output", type=_FILE, help="Write the WAR here; default: bundle's name and version."
)
@click.option(
    "--twice",
    is_flag=True,
    help="Assemble it again in two other folders, locales, time zones and umasks; compare.",
)
def war(*, request: Request, output: Path | None, twice: bool) -> None:
    r"""Assemble the controller's WAR.

    \b
    Examples:
      jbuild war --output build/jenkins.war
      jbuild war formula.yaml --frozen --twice
    """
    world = request.world()
    formula = request.read(world)
    settled = pipeline.settle_lock(
        world, formula, request.lock, request.asked(), frozen=request.frozen
    )
    target = output or Path(f"{formula.bundle.artifact}-{formula.bundle.version}.war")
    _, packed = pipeline.make_war(world, formula, settled.lock, target)
    if twice:
        require_same(request, packed)
    click.echo(show.war_json(packed) if request.as_json else f"{packed.path} {packed.digest}")


def _planned(world: World, request: Request) -> tuple[Formula, Plan]:
    formula = request.read(world)
    settled = decide.decide(world, formula, request.lock, request.asked(), frozen=request.frozen)
    show_audit.tell(settled.findings, quiet=request.quiet)
    _tell(show.diff(settled), request)
    return formula, pipeline.make_plan(world, formula, settled.lock)


def _tell(text: str, request: Request) -> None:
    if text and not request.quiet:
        click.echo(text, err=True)
