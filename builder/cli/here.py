"""``jbuild settings``: what this machine is set to."""

import click

from builder.cli import machine, show


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def settings(*, as_json: bool) -> None:
    r"""Show each setting and where it comes from.

    Option, JBUILD_* variable, settings file, default: the first that says something wins.

    \b
    Examples:
      jbuild settings
      JBUILD_STORE=/srv/jbuild jbuild settings --json
    """
    listing = machine.settings({}).listing
    click.echo(show.settings_json(listing) if as_json else show.settings(listing))
