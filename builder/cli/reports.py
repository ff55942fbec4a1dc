"""``--report KIND=FILE``: what a verification found, written down in any end."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from builder.model.report import Report
from builder.ports import World
from builder.report import KINDS, written

Reports = tuple[tuple[str, Path], ...]
_P = ParamSpec("_P")
_R = TypeVar("_R")


class _Kind(click.ParamType[tuple[str, Path]]):
    """``junit=report.xml``: a kind, and a file that can be written."""

    name = "KIND=FILE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """Take it apart, and refuse a file that nobody could write before there is any work."""
        kind, _, name = str(value).partition("=")
        if kind not in KINDS or not name:
            self.fail(f"{value!r} is none of {', '.join(f'{e}=FILE' for e in KINDS)}", param, ctx)
        if fault := _fault(Path(name)):
            self.fail(f"{name} cannot be written: {fault}", param, ctx)
        return kind, Path(name)


def reports_option(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Give a command the option, as ``reports``."""
    return click.option(
        "--report",
        "reports",
        type=_Kind(),
        multiple=True,
        help="Write what the checks found, passed or not: json=, junit= or html=; repeatable.",
    )(command)


def write(world: World, wanted: Reports, seen: Report) -> None:
    """Write every report, each whole or not at all."""
    for kind, path in wanted:
        world.workspace.write(path, written(kind, seen))


def _fault(path: Path) -> str | None:
    """Say why a file cannot be written, as far as can be told by looking."""
    if path.is_dir():
        return "it is a folder"
    folder = next(each for each in path.absolute().parents if each.exists())
    if not folder.is_dir():
        return f"{folder} is no folder"
    if not os.access(folder, os.W_OK):
        return f"{folder} may not be written to"
    return None
