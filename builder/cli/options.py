"""Options and arguments that mean one thing on every command that has them."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from builder.cli import machine
from builder.image.reference import Reference
from builder.model.formula import Formula
from builder.ports import World

_Command = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asks for, as far as every command knows it."""

    formula: Path
    values: Mapping[str, str]
    frozen: bool
    offline: bool
    quiet: int
    as_json: bool

    @property
    def lock(self) -> Path:
        """The lock stands beside the formula."""
        return self.formula.with_name(f"{self.formula.stem}.lock.json")

    def world(self) -> World:
        """Build the real world for this request."""
        return machine.world(offline=self.offline, quiet=self.quiet)

    def read(self, world: World) -> Formula:
        """Read the formula."""
        from builder import pipeline  # noqa: PLC0415  # pydantic is slow, and why needs none

        return pipeline.read_formula(world, self.formula, self.values)


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


class Tag(click.ParamType[str]):
    """The name of an image."""

    name = "NAME[:TAG]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Refuse what no engine takes."""
        try:
            return str(Reference.parse(str(value)))
        except ValueError as fault:
            self.fail(f"{value!r} names no image: {fault}", param, ctx)


FORMULA = click.argument(
    "formula", type=click.Path(path_type=Path, dir_okay=False), default=Path("formula.yaml")
)
VALUES = click.option(
    "--set",
    "values",
    type=Value(),
    multiple=True,
    help="Fill {{.NAME}} in the formula; repeatable.",
)
FROZEN = click.option(
    "--frozen",
    is_flag=True,
    help="Never write a lock, refuse a stale one (uv calls this --locked).",
)
OFFLINE = click.option("--offline", is_flag=True, help="Take every file from the store.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document, errors too.")
VERBOSE = click.option(  # the error boundary looks at the arguments itself
    "-v", "--verbose", is_flag=True, expose_value=False, help="Show the trace of an error."
)
QUIET = click.option("-q", "--quiet", count=True, help="No progress on stderr.")


def request(command: _Command) -> _Command:
    """Give a command the options they all have, as one ``Request``."""

    @functools.wraps(command)
    def inner(**given: object) -> None:
        command(request=_taken(given), **given)

    for option in (QUIET, VERBOSE, JSON, OFFLINE, FROZEN, VALUES):
        inner = option(inner)
    return inner


def _taken(given: dict[str, object]) -> Request:
    """Take what a request consists of out of ``given``."""
    formula, values = given.pop("formula", None), given.pop("values")
    return Request(
        formula=formula if isinstance(formula, Path) else Path("formula.yaml"),
        values=dict(values) if isinstance(values, tuple) else {},
        frozen=given.pop("frozen") is True,
        offline=given.pop("offline") is True,
        quiet=int(str(given.pop("quiet"))),
        as_json=given.pop("as_json") is True,
    )
