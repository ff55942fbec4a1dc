"""``jbuild lint``: what is wrong with configuration, before anything is built."""

from pathlib import Path

import click
from msgspec.structs import replace

from builder import audit as audits
from builder import lint as lints
from builder.cli import given, machine, show_audit
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
@click.option(
    "--pipelines",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="PATH",
    help="Hold the labels of a Jenkinsfile, or of all in a folder, against agents; repeatable.",
)
@click.option("--strict", is_flag=True, help="Let warnings say no, too: exit code 1.")
def lint(
    *, request: Request, lock_path: Path | None, pipelines: tuple[Path, ...], strict: bool
) -> None:
    r"""Find faults in CasC files and hooks that would show up only at boot, or never.

    CasC keys and imports of hooks are held against the plugins of the lock, where there is one.
    What the formula allows under policy.allow is shown, and does not count.

    \b
    Examples:
      jbuild lint
      jbuild lint formula.yaml --strict
      jbuild lint --lock next.lock.json
      jbuild lint --pipelines Jenkinsfile --pipelines ci
      jbuild lint --json
    """
    formula, locked, seen = held(request, lock_path)
    asked = (each for path in pipelines for each in given.within(path))
    asking = tuple(map(given.read, filter(given.is_pipeline, asked)))
    found = lints.lint(replace(seen, pipelines=asking))
    found = audits.cover(found, formula.policy.allow, machine.now().date())
    tell(request, found, core=str(locked.core.version) if locked else "", strict=strict)


def held(
    request: Request, lock_path: Path | None = None
) -> tuple[Formula, Lock | None, lints.Linted]:
    """Read a formula, and its lock where there is one."""
    formula = request.read(request.world())
    path = lock_path or request.lock
    locked = read_lock(path) if lock_path or path.exists() else None
    return formula, locked, lints.linted(formula, locked)


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
