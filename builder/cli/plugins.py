"""``jbuild plugins``: jenkins-plugin-cli's work, by its options and variables."""

from collections.abc import Iterator
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from builder import audit
from builder.cli import machine, show_audit, show_plugins
from builder.cli.plugins_options import ManyAfter, options
from builder.cli.plugins_order import Order
from builder.errors import FilesUnreachable, NotAController, Unreadable
from builder.formula import bare, each_once, plugin_list, typed_list
from builder.model.audit import AuditFinding, Known, Severity
from builder.model.catalogue import Asked
from builder.model.controller import Family
from builder.model.folder import Carried, Fate, Ground, Placed
from builder.model.formula import Formula, Mode, Wish
from builder.model.plugin import PluginId
from builder.ports import World
from builder.ports.plugin_folders import PluginFolders
from builder.sources import jenkins_plugin_cli, placing, plugin_folder, plugin_set, survey, table
from builder.sources.survey import Survey
from builder.version import Version

_NONE = "no plugins: name some with --plugins or --plugin-file"


@click.command(cls=ManyAfter, no_args_is_help=True)
@options
def plugins(**given: object) -> None:
    r"""Choose plugins, fetch them and place them in a folder, as jenkins-plugin-cli does.

    Its options and variables mean here what they mean there; every set that is placed loads. A
    folder in which everything is in place is left alone, and so is one where something fails.

    \b
    Examples:
      jbuild plugins -f /usr/share/jenkins/ref/plugins.txt
      jbuild plugins -d plugins -p "git:5.2.2 mailer" --jenkins-version 2.426.3
      jbuild plugins -f plugins.txt --no-download --list --output yaml
      jbuild plugins -f plugins.txt --available-updates --output txt
    """
    order = Order.of(given)
    world = machine.world(
        offline=order.do.offline, quiet=order.quiet, logins=order.logins, store=order.store
    )
    run(world, machine.plugin_folders(), order)


def run(world: World, folders: PluginFolders, order: Order) -> None:
    """Do it: look, choose, tell, fetch, place.

    Raises:
        JbuildError: something cannot be done; the folder is as it was.
    """
    case = _looked(world, folders, order)
    if order.show.updates:
        newer = plugin_set.updates(case.known, case.wishes)
        if order.as_json:
            click.echo(show_plugins.available_json(case.wishes, newer, case.known.core))
        else:
            click.echo(show_plugins.available(case.wishes, newer, order.form))
        return
    with world.stages.stage("resolve") as stage:
        found = plugin_set.settle(world, case.formula, case.known, case.ground, order.latest)
        stage.note(f"{len(found.choices)} plugins for {len(case.wishes)} wishes")
    settled = placing.fates(found, case.ground)
    findings = _findings(case, settled)
    _tell(case, settled, findings)
    gone = _placed(world, folders, case, settled) if order.do.download else frozenset()
    _end(case, settled, gone, findings)


class _Case(Struct, frozen=True, kw_only=True):
    """What was asked for, and all that the answer stands on."""

    order: Order
    wishes: tuple[Wish, ...]  # as they are written
    formula: Formula
    known: Survey
    ground: Ground
    notes: tuple[str, ...]


def _looked(world: World, folders: PluginFolders, order: Order) -> _Case:
    """Read the wishes, the folder, the WAR and the catalogues."""
    wishes, war = _wishes(world, order), order.war or _default_war()
    carried = _carried(world, order, war) if war else None
    folder = plugin_folder.Folder(plugins=(), unread=())
    if not order.do.clean:
        folder = plugin_folder.read(world, folders, order.folder)
    if not wishes and not folder.plugins and not order.show.all_warnings:
        raise click.UsageError(_NONE)
    core = order.core or (carried.core if carried else None)
    formula, asked = _asking(world, order, wishes, core)
    known = survey.glance(world, formula, None, asked)
    if war and carried and carried.core == known.core:
        known = replace(known, detached=table.carried(world, war, known.core) or known.detached)
    ground = Ground(installed=folder.plugins, carried=carried)
    notes = (*folder.unread, *_other_core(known, carried))
    return _Case(
        order=order, wishes=wishes, formula=formula, known=known, ground=ground, notes=notes
    )


def _wishes(world: World, order: Order) -> tuple[Wish, ...]:
    """Read the lists, and what the command line names, each plugin once."""
    named = typed_list(" ".join(order.named).split(), option="--plugins")
    listed = tuple(
        wish for path in order.files for wish in plugin_list(_text(world, path), file=str(path))
    )
    return each_once((*named, *listed)).wishes


def _text(world: World, path: Path) -> str:
    if (text := world.workspace.read_text(path)) is None:
        raise Unreadable(path=path, fault="there is no such file")
    return text


def _default_war() -> Path | None:
    path = jenkins_plugin_cli.default_war()
    return path if path.is_file() else None


def _carried(world: World, order: Order, war: Path) -> Carried:
    carried = plugin_folder.war(world, war, detached=order.show.listing)
    if carried.family is not Family.JENKINS:
        raise NotAController(origin=str(war), fault=f"it is {carried.family.value}, not Jenkins")
    return carried


def _asking(
    world: World, order: Order, wishes: tuple[Wish, ...], core: Version | None
) -> tuple[Formula, Asked]:
    """Make the formula that this amounts to, and say how catalogues are to be read."""
    places = order.addresses
    pointed = tuple(jenkins_plugin_cli.at_incrementals(each, places) for each in wishes)
    file = ", ".join(map(str, order.files)) or "--plugins"
    formula = replace(bare(pointed, core, file=file), catalogue=jenkins_plugin_cli.mirrors(places))
    asked = Asked(
        now=machine.now(),
        folder=Path(),
        sources=jenkins_plugin_cli.sources(places, core),
        histories=jenkins_plugin_cli.histories(places),
        trust=order.trusted,
        allow_rollback=order.do.allow_rollback,
        allow_sha1=order.do.allow_sha1,
        allow_unsigned=order.do.allow_unsigned,
    )
    if any(each.mode is Mode.EXPERIMENTAL for each in pointed):
        beside = jenkins_plugin_cli.experimental(places, core)
        return plugin_set.with_experimental(world, formula, asked, core, beside)
    return formula, asked


def _other_core(known: Survey, carried: Carried | None) -> Iterator[str]:
    if carried and carried.core != known.core:
        yield f"plugins are chosen for core {known.core}, and the WAR is core {carried.core}"


def _findings(case: _Case, settled: tuple[Fate, ...]) -> tuple[AuditFinding, ...]:
    """Find what a person should know of the set, and of the catalogues it was chosen from."""
    found = case.known.catalogues
    if found is None:
        return ()
    core, known = case.known.core, Known(catalogue=found.current, warnings=found.warnings)
    weak = (
        finding
        for each in settled
        for finding in audit.of_plugin(
            each.plugin, each.choice.release.version, known, core, Severity.WARNING
        )
    )
    return (*found.findings, *(() if case.order.show.hide_warnings else weak))


def _tell(case: _Case, settled: tuple[Fate, ...], findings: tuple[AuditFinding, ...]) -> None:
    """Say on stderr what matters before anything is done; the set goes to stdout if asked for."""
    order = case.order
    if order.show.all_warnings and case.known.catalogues:
        click.echo(show_plugins.all_warnings(case.known.catalogues.warnings), err=True)
    if order.show.listing:
        click.echo(show_plugins.listing(case.ground, settled), err=True)
    if findings and not order.quiet:
        click.echo(show_audit.findings(findings), err=True)
    for note in (*case.notes, *show_plugins.remarks(case.ground, settled)):
        if not order.quiet:
            click.echo(f"note: {note}", err=True)
    if order.show.listing and not order.as_json:
        click.echo(show_plugins.resulting(settled, case.formula.plugins, order.form))


def _placed(
    world: World, folders: PluginFolders, case: _Case, settled: tuple[Fate, ...]
) -> frozenset[PluginId]:
    """Fetch what is missing and place it; give what had to be left out."""
    gone: frozenset[PluginId] = frozenset()
    try:
        files = _fetched(world, case, settled)
    except FilesUnreachable:
        if not case.order.do.skip_failed:
            raise
        gone = placing.left_out(world, settled)
        files = _fetched(world, case, tuple(e for e in settled if e.plugin not in gone))
    if files or case.order.do.clean:
        with world.stages.stage("place") as stage:
            folder = case.order.folder
            folders.place(folder, files, clean=case.order.do.clean)
            stage.note(f"{len(files)} plugins in {folder}")
    return gone


def _fetched(world: World, case: _Case, settled: tuple[Fate, ...]) -> tuple[Placed, ...]:
    with world.stages.stage("fetch") as stage:
        files = placing.fetch(world, case.formula, settled)
        stage.note(f"{len(files)} files")
    return files


def _end(
    case: _Case,
    settled: tuple[Fate, ...],
    gone: frozenset[PluginId],
    findings: tuple[AuditFinding, ...],
) -> None:
    """Say what became of it."""
    order = case.order
    done = tuple(each for each in settled if each.plugin not in gone)
    if order.as_json:
        core = case.known.core
        click.echo(show_plugins.plugins_json(settled, gone, findings, core))
    elif not order.show.listing and (said := show_plugins.changes(done)):
        click.echo(said)
    if gone:
        click.echo(f"left out, for want of files: {', '.join(sorted(gone))}", err=True)
    if not order.quiet and not any(each.change for each in settled):
        click.echo(f"nothing to do: {len(settled)} plugins are in place", err=True)
