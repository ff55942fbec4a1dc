"""``jbuild render kubesphere``: what a cluster is given beside the image."""

from pathlib import Path, PurePosixPath

import click
import yaml
from msgspec.structs import replace

from builder import doctor
from builder.cli.options import Request, request
from builder.errors import RenderedOtherwise
from builder.kubesphere.compare import differences
from builder.kubesphere.profiles import PROFILES, Profile, chosen
from builder.kubesphere.render import Configuration
from builder.kubesphere.render import render as rendered_of
from builder.model.build import ContextFile
from builder.model.formula import Formula
from builder.verify.casc_files import casc
from builder.verify.checks import HOOKS

_TIME_S = 946_684_800  # of what is written


@click.group()
def render() -> None:
    r"""Write what a platform needs beside the image.

    \b
    Examples:
      jbuild render kubesphere --profile 3.5 --output rendered
      jbuild render kubesphere --profile 4.1 --output rendered --set memory=8Gi
      jbuild render kubesphere --profile 3.3 --compare objects.yaml
    """


@render.command()
@click.option("--profile", type=click.Choice(tuple(PROFILES)), required=True, help="The release.")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), help="A folder to write."
)
@click.option(
    "--compare",
    type=click.Path(path_type=Path, exists=True),
    help="A folder or file of what you have: tell in what it differs.",
)
@request
def kubesphere(
    *,
    request: Request,
    profile: str,
    output: Path | None,
    compare: Path | None,
) -> None:
    """Render values, ConfigMaps, Secrets and the rest for a release of KubeSphere.

    Run it where formula.yaml and profiles/ are: CasC and hooks are the formula's. With
    --compare nothing is written; differences end in exit code 1.
    """
    if (output is None) == (compare is None):
        said = "one of --output and --compare is wanted"
        raise click.UsageError(said)
    era = PROFILES[profile]
    files = _files(request, era)
    if output:
        world = request.world()
        world.workspace.write_folder(output, tuple(_entry(*each) for each in sorted(files.items())))
        click.echo("\n".join(str(output / name) for name in files))
    if compare:
        found = differences(_objects(tuple(files.values())), _objects(_texts(compare)))
        click.echo("\n".join(found) or f"{compare} is as rendered")
        if found:
            raise RenderedOtherwise(path=compare, count=len(found))


def _files(request: Request, era: Profile) -> dict[PurePosixPath, str]:
    try:
        wished = chosen(era, request.values)
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--set") from fault
    beside = replace(request, formula=Path(era.formula), values={})
    formula = beside.read(beside.world())
    return dict(rendered_of(era, wished, _configuration(formula)))


def _configuration(formula: Formula) -> Configuration:
    """Take CasC as one document: lists of several files would be joined."""
    (document,) = (each.content.decode() for each in casc(formula).files)
    hooks = (each for each in formula.inputs if each.path.parent == HOOKS)
    return Configuration(
        casc=document, hooks=tuple((each.path.name, each.content.decode()) for each in hooks)
    )


def _entry(name: PurePosixPath, text: str) -> ContextFile:
    return ContextFile(name=name, source=text.encode(), mode=0o644, time_s=_TIME_S)


def _texts(path: Path) -> tuple[str, ...]:
    files = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
    return tuple(each.read_text("utf-8") for each in files)


def _objects(texts: tuple[str, ...]) -> doctor.Objects:
    try:
        return tuple(doctor.flat(tuple(each for one in texts for each in doctor.documents(one))))
    except yaml.YAMLError as fault:
        said = f"what you have is no YAML: {str(fault).splitlines()[0]}"
        raise click.BadParameter(said, param_hint="--compare") from fault
