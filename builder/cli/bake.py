"""``jbuild bake``: many formulas at once."""

from pathlib import Path

import click
from msgspec.structs import replace

from builder import exports, image, pipeline
from builder.cli import machine, show, show_audit
from builder.cli.options import BUILDER, Request, request
from builder.cli.shapes import document
from builder.image import bake as baking
from builder.model.build import BakeTarget, ImageRef
from builder.model.formula import Formula
from builder.ports import World

_FORMULA = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("formulas", nargs=-1, required=True, type=_FORMULA, metavar="FORMULA...")
@request
@BUILDER
@click.option(
    "--context",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the bake file and the contexts into this folder, and build nothing.",
)
def bake(
    *, request: Request, formulas: tuple[Path, ...], builder: str | None, folder: Path | None
) -> None:
    r"""Build the images of many formulas at once, with BuildKit.

    Each formula has its own lock beside it. Images are not booted: `jbuild verify` does that.

    \b
    Examples:
      jbuild bake a.yaml b.yaml --builder cluster
      jbuild bake team-*/formula.yaml --frozen --json
      jbuild bake a.yaml b.yaml --context build
    """
    world = request.world()
    requests = tuple(replace(request, formula=path) for path in formulas)
    read = tuple(each.read(world) for each in requests)
    _require_own_tags(formulas, read)  # before a lock is written or a file is fetched
    targets = tuple(
        _target(world, *each) for each in zip(requests, read, baking.names(formulas), strict=True)
    )
    if folder:
        with world.stages.stage("context") as stage:
            world.workspace.write_folder(folder, baking.files(targets))
            stage.note(f"build it in {folder} with `docker buildx bake`")
        return
    with world.stages.stage("bake") as stage:
        built = machine.baker(world.store, builder).bake(targets)
        stage.note(f"{len(built)} images")
    click.echo(
        _document(formulas, targets, built)
        if request.as_json
        else "\n".join(each.reference for each in built)
    )


def _target(world: World, request: Request, formula: Formula, name: str) -> BakeTarget:
    """Decide, lock and fetch for one formula; say which it is before any of that can fail."""
    if not request.quiet:
        click.echo(f"{request.formula}:", err=True)
    settled = pipeline.settle_lock(
        world, formula, request.lock, request.asked(), frozen=request.frozen
    )
    show_audit.tell(settled.findings, quiet=request.quiet)
    if not request.quiet and (changes := show.diff(settled)):
        click.echo(changes, err=True)
    plan = pipeline.make_plan(world, formula, settled.lock)
    context = exports.make_context(world, formula, plan)
    return BakeTarget(name=name, context=context, tags=plan.tags)


def _require_own_tags(formulas: tuple[Path, ...], read: tuple[Formula, ...]) -> None:
    """Refuse two formulas with one tag: whichever was built last would have it."""
    owners: dict[str, Path] = {}
    for path, formula in zip(formulas, read, strict=True):
        for tag in image.tags(formula):
            if owners.setdefault(tag, path) != path:
                said = f"{owners[tag]} and {path} both name their image {tag}"
                raise click.UsageError(said)


def _document(
    formulas: tuple[Path, ...], targets: tuple[BakeTarget, ...], built: tuple[ImageRef, ...]
) -> str:
    return document(
        {
            "images": [
                {
                    "formula": str(path),
                    "target": target.name,
                    "reference": done.reference,
                    "id": done.id,
                    "tags": list(target.tags),
                }
                for path, target, done in zip(formulas, targets, built, strict=True)
            ]
        }
    )
