"""``jbuild cache``, ``mirrors`` and ``bundle``: what is kept, and where it comes from."""

import math
from pathlib import Path

import click

from builder.adapters import bundle as bundles
from builder.adapters import store_care
from builder.adapters.http_client import Client
from builder.adapters.http_probe import HttpProbe
from builder.adapters.store import FolderStore
from builder.cli import machine, show_keep
from builder.cli.options import FORMULA, JSON, VERBOSE, Request, request
from builder.errors import StoreDamaged
from builder.sources import mirrors as known
from builder.sources.standings import standings

_FILE = click.Path(path_type=Path, dir_okay=False)


class _Days(click.FloatRange):
    """A number of days."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Refuse what is no number, for it is not below any limit."""
        days = float(super().convert(value, param, ctx))
        if not math.isfinite(days):
            self.fail(f"{value!r} is no number of days", param, ctx)
        return days


@click.command()
@click.argument("action", type=click.Choice(["show", "verify", "prune"]), default="show")
@click.option(
    "--older-than",
    "days",
    type=_Days(min=0),
    default=30.0,
    metavar="DAYS",
    help="With prune: what was not used for so long goes; default 30.",
)
@JSON
@VERBOSE
def cache(*, action: str, days: float, as_json: bool) -> None:
    r"""Show, verify or prune the store.

    `verify` reads every file through and drops those whose bytes have changed, so that the next
    build fetches them again; it exits 1 where there were any. `prune` never takes away what a
    running build has used.

    \b
    Examples:
      jbuild cache show
      jbuild cache verify
      jbuild cache prune --older-than 7 --json
    """
    store = _store()
    if action == "show":
        census = store_care.census(store)
        click.echo(show_keep.census_json(census) if as_json else show_keep.census(census))
    elif action == "prune":
        pruned = store_care.prune(store, days=days)
        click.echo(show_keep.pruned_json(pruned) if as_json else show_keep.pruned(pruned))
    else:
        count, dropped = store_care.verify(store)
        if dropped:
            raise StoreDamaged(dropped=dropped)
        click.echo(show_keep.verified_json(count) if as_json else show_keep.verified(count))


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|URL]...")
@JSON
@VERBOSE
def mirrors(*, names: tuple[str, ...], as_json: bool) -> None:
    r"""Look at mirrors: whether they answer, how fresh and fast they are, which would be used.

    Without names: those of the settings, else the official site and all of China's.

    \b
    Examples:
      jbuild mirrors
      jbuild mirrors tuna ustc official
      jbuild mirrors https://nexus.example/raw/jenkins/ --json
    """
    asked = names or machine.settings({}).mirrors or ("official", "china")
    found = standings(_probe().look(known.preferred(asked)))
    click.echo(show_keep.standings_json(found) if as_json else show_keep.standings(found))


@click.command()
@FORMULA
@request
@click.option("--output", type=_FILE, help="Write the bundle here.")
@click.option("--load", "source", type=_FILE, help="Bring a bundle into this machine's store.")
def bundle(*, request: Request, output: Path | None, source: Path | None) -> None:
    r"""Carry a lock and all that it needs to a machine without a network, in one tar.

    Where it is loaded, --frozen --offline builds what is built here. Loading writes the lock
    beside the formula, unless there is one.

    \b
    Examples:
      jbuild bundle --output jenkins.tar
      jbuild bundle formula.yaml --frozen --output /media/usb/jenkins.tar
      jbuild bundle --load /media/usb/jenkins.tar
    """
    if (output is None) == (source is None):
        said = "name one of --output, to make a bundle, and --load, to take one in"
        raise click.UsageError(said)
    if source:
        _load(source, request)
    elif output:
        _write(output, request)


def _write(output: Path, request: Request) -> None:
    from builder import lock, pipeline  # noqa: PLC0415  # pydantic is slow; caches need none
    from builder.sources import carried, download  # noqa: PLC0415

    world = request.world()
    formula = request.read(world)
    settled = pipeline.settle_lock(
        world, formula, request.lock, request.asked(), frozen=request.frozen
    )
    with world.stages.stage("fetch"):
        files = download.fetch(world, formula, settled.lock)
    cached = _store().documents(carried.documents(formula))
    with world.stages.stage("bundle") as stage:
        kept = (
            files.core,
            *files.plugins,
            *files.libraries,
            *files.bases,
            *(file for _, file in cached.values()),
        )
        notes = {name: note for name, (note, _) in cached.items()}
        made = bundles.write(output, lock.to_bytes(settled.lock), kept, notes)
        stage.note(f"{made.files} files, {made.size / 1e6:.1f} MB")
    click.echo(
        show_keep.bundle_json(made, output) if request.as_json else show_keep.bundle(made, output)
    )


def _load(source: Path, request: Request) -> None:
    loaded = bundles.load(source, _store(), now=machine.now())
    workspace = machine.workspace()
    if not request.lock.exists():
        if request.frozen:
            click.echo(f"note: {request.lock} is not written, for --frozen", err=True)
        else:
            workspace.write(request.lock, loaded.lock)
    elif (workspace.read_text(request.lock) or "").encode() != loaded.lock:
        click.echo(f"note: {request.lock} is not the bundle's, and stays", err=True)
    click.echo(
        show_keep.bundle_json(loaded, source)
        if request.as_json
        else show_keep.bundle(loaded, source)
    )


def _store() -> FolderStore:
    return FolderStore(machine.settings({}).store)


def _probe() -> HttpProbe:
    return HttpProbe(client=Client(machine.settings({}).network))
