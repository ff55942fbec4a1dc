"""``jbuild war --twice``: two fresh processes make the WAR again, and its bytes are compared."""

import os
import tempfile
from pathlib import Path

from builder.adapters.again import MACHINES, Habits, once_more
from builder.cli import machine
from builder.cli.options import Request
from builder.errors import BuildFailed
from builder.model.build import War
from builder.model.digest import Digest

_SHOWN = 5  # last lines of a run that failed


def require_same(request: Request, packed: War) -> None:
    """Assemble the WAR in two other folders, locales, time zones and umasks.

    Raises:
        BuildFailed: one of them gave other bytes, or none.
    """
    for number, habits in enumerate(MACHINES, start=2):
        with tempfile.TemporaryDirectory(prefix=f"jbuild-{number}-") as name:
            digest = _made(request, habits, Path(name))
        if digest != packed.digest:
            step = f"assembly {number} ({_spelled(habits)})"
            said = (f"it gave other bytes: {digest}, not {packed.digest}",)
            raise BuildFailed(step=step, said=said)


def _made(request: Request, habits: Habits, folder: Path) -> Digest:
    target = folder / "again.war"
    store = machine.settings({}).store.absolute()
    done = once_more(habits, _arguments(request, target), folder, store=store)
    if done.code != 0:
        raise BuildFailed(step=f"assembly ({_spelled(habits)})", said=done.lines[-_SHOWN:])
    return _digest(target)


def _arguments(request: Request, target: Path) -> tuple[str, ...]:
    """Ask for the same formula with what the lock already holds."""
    values = (f"--set={name}={value}" for name, value in request.values.items())
    core = (f"--core={request.core}",) if request.core else ()
    options = ("--frozen", "--offline", "--quiet", f"--output={target}", *core, *values)
    return ("war", *options, "--", os.path.abspath(request.formula))  # noqa: PTH100  links stay


def _digest(path: Path) -> Digest:
    from hashlib import file_digest  # noqa: PLC0415  only here

    with path.open("rb") as file:
        return Digest(file_digest(file, "sha256").hexdigest())


def _spelled(habits: Habits) -> str:
    return ", ".join((f"umask {habits.umask}", *(f"{n}={v}" for n, v in habits.variables)))
