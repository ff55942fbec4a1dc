"""The options that say what builds an image and where it goes, as one ``Delivery``."""

import functools
from collections.abc import Callable
from pathlib import Path

import click

from builder.cli import machine
from builder.cli.options import BUILDER
from builder.errors import ArchiveBroken
from builder.model.build import PACKINGS, Delivery
from builder.model.publish import Built
from builder.settings import BUILDX, ENGINES, OCI

_OPTIONS = (
    click.option(
        "--packing",
        type=click.Choice(PACKINGS),
        default="none",
        help="With oci: how the layers of an OCI layout are packed.",
    ),
    click.option(
        "--output",
        type=click.Path(path_type=Path),
        help="With oci: write an OCI layout into this folder, or a docker-archive to FILE.tar.",
    ),
    BUILDER,
    click.option(
        "--engine",
        type=click.Choice(ENGINES),
        help="What builds; `oci` is jbuild itself, no daemon.",
    ),
)


def delivery(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, as one ``Delivery``; its ``check`` says whether it boots.

    Raises:
        click.UsageError: when it runs; options of one engine with another.
    """

    @functools.wraps(command)
    def inner(**given: object) -> None:
        command(delivery=_taken(given), **given)

    for option in _OPTIONS:
        inner = option(inner)
    return inner


def _taken(given: dict[str, object]) -> Delivery:
    """Take what a delivery consists of out of ``given``."""
    engine, builder = given.pop("engine"), given.pop("builder")
    output, packing = given.pop("output"), str(given.pop("packing"))
    chosen = str(engine or (BUILDX if builder else machine.settings({}).engine))
    _require_one_engine(chosen, builder=builder, output=output, packing=packing)
    into = output if isinstance(output, Path) else None
    if packing != "none" and (into is None or into.suffix == ".tar"):
        said = "--packing is for an OCI layout: name a folder with --output"
        raise click.UsageError(said)
    load = given["check"] is True or into is None
    named = str(builder) if builder else None
    return Delivery(engine=chosen, builder=named, output=into, packing=packing, load=load)


def _require_one_engine(chosen: str, *, builder: object, output: object, packing: str) -> None:
    if builder and chosen != BUILDX:
        said = f"--builder names a builder of --engine {BUILDX}"
        raise click.UsageError(said)
    if (output or packing != "none") and chosen != OCI:
        said = f"--output and --packing are of --engine {OCI}; this is {chosen}"
        raise click.UsageError(said)


def written(path: Path) -> Built:
    """Look at an image that was written to a file or a folder.

    Raises:
        ArchiveBroken: there is none.
    """
    import tarfile  # noqa: PLC0415  # few publish from files

    from builder.adapters import published_layout  # noqa: PLC0415  # as above

    try:
        return published_layout.found(path)
    except (OSError, tarfile.TarError) as fault:
        raise ArchiveBroken(path=path, fault=str(fault)) from fault
