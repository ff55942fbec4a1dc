"""``jbuild lint``: what is wrong with configuration, before anything is built."""

from pathlib import Path

import click

from builder import audit as audits
from builder import lint as lints
from builder.cli import machine, show_audit
from builder.cli.named import read_lock
from builder.cli.options import FORMULA, Request, request
from builder.cli.show_audit import Findings
from builder.errors import LintRefused
from builder.model.formula import Formula
from builder.model.lock import Lock


@click.command()
@FORMULA
@request
@click.option(
    "--lock",
    "lock_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Hold it against this lock, not the one beside the formula.",
)
@click.option("--strict", is_flag=True, help="Let warnings say no, too: exit code 1.")
def lint(*, request: Request, lock_path: Path | None, strict: bool) -> None:
    r"""Find faults in CasC files and hooks that would show up only at boot, or never.

    CasC keys and imports of hooks are held against the plugins of the lock, where there is one.
    What the formula allows under policy.allow is shown, and does not count.

    \b
    Examples:
      jbuild lint
      jbuild lint formula.yaml --strict
      jbuild lint --lock next.lock.json
      jbuild lint --json
    """
    formula, locked, found = held(request, lock_path)
    found = audits.cover(found, formula.policy.allow, machine.now().date())
    tell(request, found, core=str(locked.core.version) if locked else "", strict=strict)


def held(request: Request, lock_path: Path | None = None) -> tuple[Formula, Lock | None, Findings]:
    """Read a formula, and its lock where there is one, and hold them to every rule."""
    formula = request.read(request.world())
    path = lock_path or request.lock
    locked = read_lock(path) if lock_path or path.exists() else None
    return formula, locked, lints.lint(lints.linted(formula, locked))


def tell(request: Request, found: Findings, *, core: str, strict: bool) -> None:
    """Show findings, and say no where one of them does.

    Raises:
        LintRefused: an error was found; with ``strict``, a warning.
    """
    refused = audits.refused(found, strict=strict)
    if request.as_json:
        click.echo(show_audit.findings_json(found, core=core, passed=not refused))
    else:
        click.echo(show_audit.findings(found))
    if refused:
        raise LintRefused(refused=tuple(f"{each.id} ({each.subject})" for each in refused))
