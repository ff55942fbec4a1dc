"""``jbuild agents``: the images that a formula's agents run in."""

import click
from msgspec.structs import replace

from builder.cli.options import FORMULA, Request, Value, request
from builder.cli.shapes import document
from builder.kubesphere.agents import (
    PodImage,
    minimum_remoting,
    named_in,
    pod_images,
    transfer,
    variables,
)
from builder.verify.casc_files import casc
from builder.version import Version


@click.command()
@FORMULA
@request
@click.option(
    "--registry",
    metavar="PREFIX",
    help="Write the commands that take the images to this registry, such as hub.example/ks.",
)
@click.option(
    "--env",
    "given",
    type=Value(),
    multiple=True,
    help="Give a variable of the CasC files this value; repeatable.",
)
def agents(*, request: Request, registry: str | None, given: tuple[tuple[str, str], ...]) -> None:
    r"""Show the images of the pod templates, and which agents are too old for the core.

    Images are read out of the formula's CasC files. Variables have the value of --env, else of the
    formula's image.env, else their default.

    \b
    Examples:
      jbuild agents
      jbuild agents --registry hub.example/kubesphere
      jbuild agents --env BUILDER_SUFFIX=-podman
      jbuild agents profiles/4.1/formula.yaml --json
    """
    formula = request.read(request.world())
    read = casc(formula)
    images = pod_images(replace(read, variables={**read.variables, **dict(given)}))
    least = minimum_remoting(formula.war.version) if formula.war.version else None
    if request.as_json:
        click.echo(document(_facts(images, least, registry)))
    elif registry:
        click.echo("\n".join(_script(images, registry)))
    elif images:
        click.echo("\n".join(_line(each, least) for each in images))
    if not images and not request.as_json:
        click.echo("note: no pod template of a CasC file names an image", err=True)


def _script(images: tuple[PodImage, ...], registry: str) -> tuple[str, ...]:
    settings = variables(images, registry)
    moved = named_in(images, registry)
    named = [moved[each.image] for each in images if not each.registry]
    return (
        "set -e",
        *transfer(images, registry),
        *(f"# then set {each}" for each in settings),
        *(f"# and write {each} in CasC: no variable holds its registry" for each in named),
    )


def _line(image: PodImage, least: Version | None) -> str:
    said = f"{image.image}  {', '.join(image.templates)}"
    if not image.remoting:
        return said
    judged = _judged(image, least)
    return f"{said}  remoting {image.remoting}: {judged}"


def _judged(image: PodImage, least: Version | None) -> str:
    if least is None or image.remoting is None:
        return "what this core lets in is not known here; jbuild verify asks it"
    return f"too old, {least} is wanted" if image.remoting < least else f"at least {least}"


def _facts(
    images: tuple[PodImage, ...], least: Version | None, registry: str | None
) -> dict[str, object]:
    moved = named_in(images, registry) if registry else {}
    return {
        "minimum_remoting": str(least) if least else None,
        "set": list(variables(images, registry)) if registry else [],
        "images": [
            {
                "image": each.image,
                "templates": list(each.templates),
                "at": each.place,
                "registry_variable": each.registry,
                "remoting": str(each.remoting) if each.remoting else None,
                "as": moved.get(each.image),
            }
            for each in images
        ],
    }
