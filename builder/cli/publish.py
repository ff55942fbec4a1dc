"""``jbuild publish``: what was built, under its tags, in the registries they name."""

import json
from pathlib import Path

import click

from builder import pipeline
from builder import publish as publishing
from builder.cli import machine, show_report
from builder.cli.build import Tag
from builder.cli.delivery import written
from builder.cli.options import FORMULA, Request, request
from builder.cli.shapes import document
from builder.image import tags as tags_of
from builder.model.publish import Built, Place, Published

_RECEIPT = click.Path(path_type=Path, dir_okay=False)


@click.command()
@FORMULA
@request
@click.option(
    "--tag", "tags", multiple=True, type=Tag(), help="Publish as this instead; repeatable."
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="Publish this OCI layout or archive instead of what the engine has.",
)
@click.option("--git-tag", is_flag=True, help="Also under the git tag of the formula's commit.")
@click.option("--platform-tags", is_flag=True, help="Also each platform alone, as TAG-arm64.")
@click.option("--move-tags", is_flag=True, help="Let a published version mean another image.")
@click.option("--receipt", type=_RECEIPT, help="Write digest and references into this receipt.")
def publish(
    *,
    request: Request,
    tags: tuple[str, ...],
    source: Path | None,
    receipt: Path | None,
    **flags: bool,
) -> None:
    r"""Push the image of a formula to every registry that its tags name.

    The image is the one that the engine has under the first tag. All tags are looked at first:
    where one that names a version means another image already, nothing is pushed. Prints each tag
    with the digest it means. Who may push is said by Docker's config.

    \b
    Examples:
      jbuild publish --set version=v1.2
      jbuild publish --from build/image --platform-tags
      jbuild publish --tag registry.example/team/jenkins:1.2 --receipt receipt.json
      jbuild publish --move-tags
    """
    world = request.world()
    formula = request.read(world)
    named = tags or formula.image.tags
    built = written(source) if source else Built(place=Place.ENGINE, name=tags_of(formula)[0])
    platforms = world.registry.identify(built).platforms if flags["platform_tags"] else ()
    wanted = publishing.targets(
        named, git_tag=_git_tag(request.formula) if flags["git_tag"] else None, platforms=platforms
    )
    done = pipeline.send(world, built, wanted, move_tags=flags["move_tags"])
    if receipt:
        world.workspace.write(receipt, _with(receipt, done))
    shown = show_report.published_json if request.as_json else show_report.published
    click.echo(shown(done))


def _git_tag(formula: Path) -> str:
    tag = machine.revisions().tag(formula.absolute().parent)
    if tag is None:
        said = "the formula's commit has no tag; leave --git-tag out, or tag the commit"
        raise click.UsageError(said)
    return tag


def _with(receipt: Path, done: tuple[Published, ...]) -> bytes:
    """Give a receipt that tells what was published; the rest of it stays."""
    try:
        read = json.loads(receipt.read_bytes())
        read["image"] |= {
            "digest": str(done[0].manifest),
            "published": show_report.published_facts(done),
        }
    except (OSError, ValueError, LookupError, TypeError) as fault:
        raise click.BadParameter(str(fault), param_hint="--receipt") from fault
    return f"{document(read)}\n".encode()
