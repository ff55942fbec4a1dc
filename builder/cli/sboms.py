"""``jbuild sbom``, and where ``jbuild image`` writes the same document."""

from pathlib import Path

import click

from builder import exports, pipeline
from builder.cli.options import FORMULA, Request, request
from builder.cli.shapes import document
from builder.model.digest import Digest
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.ports import World

_SUFFIX = ".cdx.json"  # as CycloneDX names its files


@click.command()
@FORMULA
@request
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to a file instead of stdout.",
)
def sbom(*, request: Request, output: Path | None) -> None:
    r"""Write the bill of materials of a lock, as CycloneDX 1.6 in JSON; builds nothing.

    Locks first where the lock is missing or no longer fits. The same lock gives the same bytes.
    Archives that were never read are fetched, to learn their licences.

    \b
    Examples:
      jbuild sbom
      jbuild sbom formula.yaml --frozen --output jenkins.cdx.json
    """
    world = request.world()
    formula = request.read(world)
    settled = pipeline.settle_lock(
        world, formula, request.lock, request.asked(), frozen=request.frozen
    )
    if output is None:
        click.echo(exports.make_sbom(world, formula, settled.lock), nl=False)
        return
    digest = write(world, formula, settled.lock, output)
    told = document({"sbom": {"path": str(output), "sha256": digest.hex}})
    click.echo(told if request.as_json else f"{output} {digest}")


def place(named: Path | None, receipt: Path | None) -> Path | None:
    """Say where an image's SBOM goes: where it is told to, else beside the receipt, if any.

    That of ``receipt.json`` is ``receipt.cdx.json``.
    """
    if named or receipt is None:
        return named
    return receipt.with_name(f"{receipt.name.removesuffix('.json')}{_SUFFIX}")


def write(world: World, formula: Formula, locked: Lock, target: Path) -> Digest:
    """Write the SBOM of a lock to a file."""
    content = exports.make_sbom(world, formula, locked)
    world.workspace.write(target, content)
    return Digest.of(content)
