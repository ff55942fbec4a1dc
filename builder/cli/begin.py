"""``jbuild init`` and ``jbuild import``: how a formula begins."""

import sys
from pathlib import Path

import click

from builder import begin, data
from builder.begin.stock import Stock, name_of
from builder.cli import machine
from builder.cli.options import CORE, QUIET, VERBOSE
from builder.errors import FormulaMissing, FormulaTaken
from builder.model.controller import Family
from builder.version import Version

_PRESETS = ("minimal", "quickstart", "ks-jenkins")
_LISTS = {".txt", ".yaml", ".yml"}
_NEWEST = "2.555.1"  # a long-term line that all of today's plugins take
_OUTPUT = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("formula.yaml"),
    help="The formula to write.",
)
_WISHES = """\
plugins:
  - configuration-as-code
  - git
  - workflow-aggregator
  - kubernetes
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--preset", type=click.Choice(_PRESETS), help="What to begin with.")
@CORE
@QUIET
@VERBOSE
def init(*, folder: Path, preset: str | None, core: str | None, quiet: int) -> None:
    r"""Write a new formula, and what goes with it.

    minimal is a Jenkins with four plugins, quickstart a controller that needs neither Jenkins'
    mirrors nor an image registry, ks-jenkins what KubeSphere 3.5 runs. On a terminal it asks; what
    is there is never overwritten.

    \b
    Examples:
      jbuild init
      jbuild init ci --preset minimal --core 2.426.3
      jbuild init --preset quickstart
    """
    if preset is None:
        if not sys.stdin.isatty():
            said = f"nobody can be asked here: name a --preset, one of {', '.join(_PRESETS)}"
            raise click.UsageError(said)
        preset = click.prompt("Begin with", type=click.Choice(_PRESETS), default=_PRESETS[0])
        if preset == "minimal" and core is None:
            core = click.prompt("Core", default=_NEWEST)
    files = _preset(str(preset), folder, core)
    taken = [each for each in files if (folder / each).exists()]
    if taken:
        raise FormulaTaken(path=folder / taken[0])
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        machine.workspace().write(folder / name, content)
    click.echo("\n".join(str(folder / each) for each in files))
    if not quiet:
        where = "" if folder == Path() else f" {folder / 'formula.yaml'}"
        click.echo(f"next: jbuild image{where}", err=True)


def _preset(preset: str, folder: Path, core: str | None) -> dict[str, bytes]:
    if preset != "minimal":
        return data.files(f"presets/{preset}")
    wished = Stock(name=name_of(folder.resolve().name), core=Version(core or _NEWEST))
    head = begin.stock(
        wished, about="One Jenkins, as jbuild builds it: docs/formula.md has every key."
    )
    return {"formula.yaml": f"{head}\n{_WISHES}".encode()}


@click.command("import")
@click.argument("source")
@_OUTPUT
@CORE
@QUIET
@VERBOSE
def import_(*, source: str, output: Path, core: str | None, quiet: int) -> None:
    r"""Make a formula of a plugin list, a packager's or jcli's file, or an image.

    SOURCE is plugins.txt, plugins.yaml, a formula of custom-war-packager or jcli, or the reference
    of an image on this engine. What a formula cannot say stays in it as a comment with its reason.
    A list names no core: --core does.

    \b
    Examples:
      jbuild import plugins.txt --core 2.426.3
      jbuild import packager-config.yml --output formula.yaml
      jbuild import jenkins/jenkins:2.426.3
    """
    if output.exists():
        raise FormulaTaken(path=output)
    made = _imported(source, core)
    machine.workspace().write(output, made.text.encode())
    click.echo(str(output))
    if not quiet:
        for each in made.dropped:
            click.echo(f"note: {each.place}: not kept: {each.found}; {each.wanted}", err=True)
        for each in made.missing:
            click.echo(f"note: {output}: {each.path} is missing: {each.wanted}", err=True)


def _imported(source: str, core: str | None) -> begin.Imported:
    path = Path(source)
    text = machine.workspace().read_text(path)
    if text is None:
        if path.suffix in _LISTS:
            raise FormulaMissing(path=path)
        return _of_image(source, core)
    if path.suffix in {".yaml", ".yml"} and "\nwar:" in f"\n{text}":
        return begin.from_formula(text, source)
    if core is None:
        said = f"{source} names no core: name one with --core, such as --core {_NEWEST}"
        raise click.UsageError(said)
    return begin.from_list(text, source, Stock(name=name_of(source), core=Version(core)))


def _of_image(reference: str, core: str | None) -> begin.Imported:
    from builder.sources import image_contents  # noqa: PLC0415  # with archives and manifests

    world = machine.world(offline=True, quiet=2)
    held = image_contents.read(world, machine.images(), reference)
    if held.core.family is not Family.JENKINS:
        said = f"{reference} holds {held.core.family.value}: begin with jbuild init"
        raise click.UsageError(said)
    version = Version(core) if core else held.core.version
    wished = Stock(name=name_of(reference.rpartition("/")[2]), core=version)
    return begin.from_packed(held, reference, wished)
