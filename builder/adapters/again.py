"""Runs a command of ours again, as if on other machines: elsewhere, and with other habits."""

import sys
from pathlib import Path

from msgspec import Struct

from builder.adapters.process import Finished, Program, run

_PACKAGE = Path(__file__).parents[1]
_SHELL = Program(command="sh", package="dash")
_MASKED = 'umask "$0" && exec "$@"'


class Habits(Struct, frozen=True, kw_only=True):
    """What differs between machines and must not show."""

    umask: str
    variables: tuple[tuple[str, str], ...]


MACHINES = (
    Habits(
        umask="077",
        variables=(("LC_ALL", "C"), ("TZ", "AAA-14"), ("PYTHONHASHSEED", "1")),
    ),
    Habits(
        umask="000",
        variables=(("LC_ALL", "tr_TR.UTF-8"), ("TZ", "BBB11:30"), ("PYTHONHASHSEED", "2")),
    ),
)


def once_more(habits: Habits, arguments: tuple[str, ...], folder: Path, *, store: Path) -> Finished:
    """Run ``jbuild`` with these arguments in a fresh process in ``folder``.

    The store is the same: what the command read from its settings may have been a relative path.

    Raises:
        ToolMissing: there is no shell.
    """
    command = (_MASKED, habits.umask, sys.executable, "-m", _PACKAGE.name, *arguments)
    variables = dict(habits.variables) | {
        "PYTHONPATH": str(_PACKAGE.parent),
        "JBUILD_STORE": str(store),
    }
    return run(_SHELL, ("-c", *command), folder=folder, environment=variables)
