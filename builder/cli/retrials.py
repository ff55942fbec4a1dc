"""The options that say what is tried of an image beyond its first boot, as one ``Retrial``."""

import functools
from collections.abc import Callable

import click

from builder.model.report import Retrial

_OPTIONS = (
    click.option(
        "--from",
        "old_image",
        metavar="IMAGE",
        help="Also boot this older image, and then the image on the home that it leaves.",
    ),
    click.option("--agent", is_flag=True, help="Also make a node and have a real agent connect."),
    click.option(
        "--token",
        is_flag=True,
        help="Also boot it beside a token server, well and broken, and try log-ins by token.",
    ),
    click.option(
        "--restart", is_flag=True, help="Also end the controller and start it on its home again."
    ),
)


def retrial(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, as one ``Retrial``."""

    @functools.wraps(command)
    def inner(**given: object) -> None:
        restarts, connects = given.pop("restart") is True, given.pop("agent") is True
        reviews = given.pop("token") is True
        old = str(given.pop("old_image") or "")
        wished = Retrial(
            restarts=restarts, connects=connects, reviews=reviews, old_image=old or None
        )
        command(retrial=wished, **given)

    for option in _OPTIONS:
        inner = option(inner)
    return inner
