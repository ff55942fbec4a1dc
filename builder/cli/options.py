"""Options and arguments that mean one thing on every command that has them."""

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click
from msgspec import Struct
from msgspec.structs import replace

from builder.cli import machine
from builder.model.build import Delivery
from builder.model.catalogue import Asked
from builder.model.formula import Formula
from builder.ports import World
from builder.version import Version

_Command = Callable[..., None]
_Each = TypeVar("_Each")
_CORE = re.compile(r"[0-9]+(\.[0-9]+)+[0-9A-Za-z._-]*")


class Request(Struct, frozen=True, kw_only=True):
    """What the command line asks for, as far as every command knows it."""

    formula: Path
    values: Mapping[str, str]
    frozen: bool
    offline: bool
    quiet: int
    as_json: bool
    core: Version | None = None
    catalogues: tuple[str, ...] = ()
    trusted: tuple[Path, ...] = ()
    allow_rollback: bool = False
    allow_sha1: bool = False

    @property
    def lock(self) -> Path:
        """The lock stands beside the formula."""
        return self.formula.with_name(f"{self.formula.stem}.lock.json")

    def world(self, delivery: Delivery | None = None) -> World:
        """Build the real world for this request."""
        return machine.world(offline=self.offline, quiet=self.quiet, delivery=delivery)

    def read(self, world: World) -> Formula:
        """Read the formula."""
        from builder import pipeline  # noqa: PLC0415  # pydantic is slow, and why needs none

        formula = pipeline.read_formula(world, self.formula, self.values)
        if self.core:
            formula = replace(formula, war=replace(formula.war, version=self.core))
        if not self.quiet:
            for note in formula.notes:
                click.echo(f"note: {note.place}: found {note.found}, {note.wanted}", err=True)
        return formula

    def asked(self) -> Asked:
        """Say how catalogues are to be read."""
        return Asked(
            now=machine.now(),
            folder=self.formula.parent,
            sources=self.catalogues,
            trust=self.trusted,
            allow_rollback=self.allow_rollback,
            allow_sha1=self.allow_sha1,
        )


class Value(click.ParamType[tuple[str, str]]):
    """``NAME=VALUE``."""

    name = "NAME=VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the first equals sign."""
        name, equals, text = str(value).partition("=")
        if not equals or not name:
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name, text


class Core(click.ParamType[str]):
    """The version of a core."""

    name = "VERSION"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Refuse what no core was ever called."""
        if not _CORE.fullmatch(str(value)):
            self.fail(f"{value!r} is no version of a core, such as 2.426.3", param, ctx)
        return str(value)


FORMULA = click.argument(
    "formula", type=click.Path(path_type=Path, dir_okay=False), default=Path("formula.yaml")
)


def beside(about: str) -> Callable[[_Command], _Command]:
    """Let a command whose arguments are others name its formula by ``-f``."""
    return click.option(
        "-f",
        "--formula",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("formula.yaml"),
        help=about,
    )


VALUES = click.option(
    "--set",
    "values",
    type=Value(),
    multiple=True,
    help="Fill {{.NAME}} in the formula; repeatable.",
)
CORE = click.option(
    "--core", type=Core(), metavar="VERSION", help="Take this core instead of the formula's."
)
CATALOGUE = click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    metavar="PATH|URL",
    help="Take plugins from here instead of where the formula says; repeatable.",
)
TRUST = click.option(
    "--trust",
    "trusted",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="PEM",
    help="Trust catalogues signed by this root, too; repeatable.",
)
ROLLBACK = click.option(
    "--allow-rollback", is_flag=True, help="Take a catalogue older than one already seen."
)
SHA1 = click.option(
    "--allow-sha1", is_flag=True, help="Take a catalogue that is signed over SHA-1 alone."
)
FROZEN = click.option(
    "--frozen",
    is_flag=True,
    help="Never write a lock, refuse a stale one (uv calls this --locked).",
)
OFFLINE = click.option("--offline", is_flag=True, help="Take every file from the store.")
BUILDER = click.option(
    "--builder", metavar="NAME", help="Builder of `docker buildx`; default: its current one."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document, errors too.")
VERBOSE = click.option(  # the error boundary looks at the arguments itself
    "-v", "--verbose", is_flag=True, expose_value=False, help="Show the trace of an error."
)
QUIET = click.option("-q", "--quiet", count=True, help="No progress on stderr.")


_SHARED = (
    *(QUIET, VERBOSE, JSON, SHA1, ROLLBACK, TRUST),
    *(CATALOGUE, CORE, OFFLINE, FROZEN, VALUES),
)


def request(command: _Command) -> _Command:
    """Give a command the options they all have, as one ``Request``."""

    @functools.wraps(command)
    def inner(**given: object) -> None:
        command(request=_taken(given), **given)

    for option in _SHARED:
        inner = option(inner)
    return inner


def _taken(given: dict[str, object]) -> Request:
    """Take what a request consists of out of ``given``."""
    formula, values, core = given.pop("formula", None), given.pop("values"), given.pop("core")
    return Request(
        formula=formula if isinstance(formula, Path) else Path("formula.yaml"),
        values=dict(values) if isinstance(values, tuple) else {},
        frozen=given.pop("frozen") is True,
        offline=given.pop("offline") is True,
        quiet=int(str(given.pop("quiet"))),
        as_json=given.pop("as_json") is True,
        core=Version(str(core)) if core else None,
        catalogues=several(given.pop("catalogues"), str),
        trusted=several(given.pop("trusted"), Path),
        allow_rollback=given.pop("allow_rollback") is True,
        allow_sha1=given.pop("allow_sha1") is True,
    )


def several(given: object, kind: type[_Each]) -> tuple[_Each, ...]:
    """Take the values of an option that may come more than once."""
    values = given if isinstance(given, tuple) else ()
    return tuple(each for each in values if isinstance(each, kind))
