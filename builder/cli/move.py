"""``jbuild diff``: from one lock to another, or from one image to another."""

import click

from builder import audit as audits
from builder.cli import machine, show_move
from builder.cli.named import named, read_lock
from builder.cli.options import Request, beside, request
from builder.model.audit import Known
from builder.model.inventory import Contents


@click.command()
@click.argument("before")
@click.argument("after", required=False)
@beside("The formula whose lock is meant where none is named.")
@click.option("--markdown", is_flag=True, help="Write tables for a pull request.")
@click.option(
    "--audit", "judged", is_flag=True, help="Ask the catalogues what is fixed, what is brought in."
)
@request
def diff(*, request: Request, before: str, after: str | None, markdown: bool, judged: bool) -> None:
    r"""Compare two locks, the gravest difference first.

    Each is a file, a git revision, REVISION:PATH, or an image. With one alone, the lock beside
    the formula is what it has become. Images of other tools hold no lock: of them, core and
    plugins are compared by version and bytes.

    \b
    Examples:
      jbuild diff HEAD
      jbuild diff main --markdown --audit
      jbuild diff v1.0:formula.lock.json formula.lock.json --json
      jbuild diff registry.example/team/jenkins:1.0 formula.yaml
    """
    if markdown and request.as_json:
        said = "--markdown is for people, and --json for machines: choose one"
        raise click.UsageError(said)
    if not request.formula.name:
        said = "name the formula, such as formula.yaml"
        raise click.UsageError(said)
    was = _read(request, before)
    now = _read(request, after) if after else read_lock(request.lock)
    found = audits.moves(was, now, _known(request, now) if judged else None)
    if request.as_json:
        click.echo(show_move.moves_json(found, judged=judged))
    else:
        click.echo((show_move.moves_markdown if markdown else show_move.moves)(found))


def _read(request: Request, name: str) -> Contents:
    """Read what is named, and say where that is less than a lock."""
    found = named(name, request.lock, lambda reference: _in_image(request, reference))
    if not request.quiet:
        for note in show_move.short_of_a_lock(name, found):
            click.echo(f"note: {note}", err=True)
    return found


def _in_image(request: Request, reference: str) -> Contents:
    """Import what reads images only where one is named."""
    from builder.sources import image_contents  # noqa: PLC0415  # with archives and manifests

    return image_contents.read(request.world(), machine.images(), reference)


def _known(request: Request, locked: Contents) -> Known:
    """Import what reads catalogues only where it is asked for: diff alone needs no network."""
    from builder.cli.audit import look_up  # noqa: PLC0415  # requests

    return look_up(request, locked)[1]
