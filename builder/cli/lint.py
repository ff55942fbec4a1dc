"""``jbuild lint``: what is wrong with configuration, before anything is built."""

import click

from builder import lint as lints
from builder.audit.allow import cover
from builder.audit.rules import refused as refused_of
from builder.cli import machine, show_audit
from builder.cli.named import read_lock
from builder.cli.options import FORMULA, Request, request
from builder.errors import LintRefused


@click.command()
@FORMULA
@request
@click.option("--strict", is_flag=True, help="Let warnings say no, too: exit code 1.")
def lint(*, request: Request, strict: bool) -> None:
    r"""Find faults in CasC files and hooks that would show up only at boot, or never.

    CasC keys and imports of hooks are held against the plugins of the lock, where there is one.
    What the formula allows under policy.allow is shown, and does not count.

    \b
    Examples:
      jbuild lint
      jbuild lint formula.yaml --strict
      jbuild lint --json
    """
    world = request.world()
    formula = request.read(world)
    locked = read_lock(request.lock) if request.lock.exists() else None
    found = lints.lint(lints.linted(formula, locked))
    found = cover(found, formula.policy.allow, machine.now().date())
    refused = refused_of(found, strict=strict)
    if request.as_json:
        core = str(locked.core.version) if locked else ""
        click.echo(show_audit.findings_json(found, core=core, passed=not refused))
    else:
        click.echo(show_audit.findings(found))
    if refused:
        raise LintRefused(refused=tuple(f"{each.id} ({each.subject})" for each in refused))
