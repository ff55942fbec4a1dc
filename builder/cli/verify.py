"""``verify``: an image that is booted, or a controller that runs already, against a lock."""

from pathlib import Path

import click
from msgspec.structs import replace

from builder import pipeline
from builder.cli import show_report
from builder.cli.options import Request, request
from builder.cli.reports import Reports, reports_option, write
from builder.cli.retrials import retrial
from builder.model.report import ONCE, Retrial

_RUNS = ("container:", "http://", "https://")  # how a target begins that nobody has to boot


@click.command()
@click.argument("target")
@request
@retrial
@reports_option
@click.option(
    "--lock",
    "lock_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("formula.lock.json"),
    help="What must hold.",
)
def verify(
    *, request: Request, target: str, lock_path: Path, retrial: Retrial, reports: Reports
) -> None:
    r"""Check an image, or a controller that runs, against a lock.

    TARGET is an image, which is booted; container:NAME, which is looked at; or the URL of a
    controller, of which only what can be known from outside is checked. The formula beside the
    lock says how much memory and time a boot has.

    \b
    Examples:
      jbuild verify example/jenkins:1.2
      jbuild verify sha256:0123abcd --lock formula.lock.json --json
      jbuild verify container:jenkins
      jbuild verify https://ci.example.org/jenkins/
      jbuild verify example/jenkins:1.2 --report junit=verify.xml --report html=verify.html
      jbuild verify example/jenkins:1.2 --restart --from example/jenkins:1.1
    """
    runs = target.startswith(_RUNS)
    if runs and retrial != ONCE:
        said = "--agent, --token, --restart and --from boot an image; this one runs already"
        raise click.UsageError(said)
    beside = replace(request, formula=_formula_beside(lock_path))
    world = beside.world()
    formula = beside.read(world)
    settled = pipeline.settle_lock(world, formula, lock_path, beside.asked(), frozen=True)
    if runs:
        report = pipeline.visit(world, formula, settled.lock, target)
    else:
        report = pipeline.examine(world, formula, settled.lock, target, retrial)
    write(world, reports, report)
    click.echo(show_report.report_json(report) if request.as_json else show_report.report(report))
    pipeline.require(report)


def _formula_beside(lock_path: Path) -> Path:
    stem = lock_path.name.removesuffix(".lock.json")
    named = [lock_path.with_name(f"{stem}{suffix}") for suffix in (".yaml", ".yml")]
    return next((each for each in named if each.exists()), named[0])
