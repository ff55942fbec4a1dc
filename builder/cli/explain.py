"""``jbuild why`` and ``jbuild tree``: answers out of the lock alone."""

from pathlib import Path

import click

from builder import why as reasons
from builder.cli import machine, show_set
from builder.cli.options import FORMULA, JSON, VERBOSE, beside
from builder.errors import LockMissing
from builder.lock import from_bytes
from builder.model.lock import Lock
from builder.model.plugin import PluginId

_FORMULA = beside("The formula whose lock answers.")


@click.command()
@click.argument("plugin")
@_FORMULA
@JSON
@VERBOSE
def why(*, plugin: str, formula: Path, as_json: bool) -> None:
    r"""Show every chain that brings a plugin in.

    \b
    Examples:
      jbuild why jfreechart-plugin
      jbuild why git -f examples/quickstart/formula.yaml --json
    """
    locked = _lock(formula)
    found = reasons.chains(locked, PluginId(plugin))
    if not found:
        from difflib import get_close_matches  # noqa: PLC0415  # slow, and few mistype

        near = get_close_matches(plugin, [each.plugin for each in locked.plugins], n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        said = f"{plugin} is not in the lock{hint}"
        raise click.BadParameter(said, param_hint="PLUGIN")
    bounds = reasons.bounds(locked, PluginId(plugin))
    shown = show_set.chains_json if as_json else show_set.chains
    click.echo(shown(found, bounds))


@click.command()
@FORMULA
@JSON
@VERBOSE
def tree(*, formula: Path, as_json: bool) -> None:
    r"""Show the locked plugins as a tree.

    A plugin that several need is unfolded where it comes first.

    \b
    Examples:
      jbuild tree
      jbuild tree formula.yaml --json
    """
    locked = _lock(formula)
    click.echo(show_set.tree_json(locked) if as_json else show_set.tree(locked))


def _lock(formula: Path) -> Lock:
    if not formula.name:
        said = "name the formula, such as formula.yaml"
        raise click.UsageError(said)
    path = formula.with_name(f"{formula.stem}.lock.json")
    text = machine.workspace().read_text(path)
    if text is None:
        raise LockMissing(path=path)
    return from_bytes(text.encode(), path)
