"""``Listener``: draws on stderr, live on a terminal, one line a stage elsewhere."""

import sys
from collections.abc import Mapping

from rich.console import Console
from rich.status import Status

from builder.model.report import StageTime

_WIDTH = 8  # of a stage's name


class Quiet:
    """Hears everything and says nothing."""

    def started(self, stage: str) -> None:
        """Say nothing."""

    def progress(self, stage: str, done: int, total: int | None, unit: str) -> None:
        """Say nothing."""

    def finished(self, time: StageTime) -> None:
        """Say nothing."""

    def failed(self, stage: str) -> None:
        """Say nothing."""


class Plain(Quiet):
    """One line for each stage that has ended."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def finished(self, time: StageTime) -> None:
        """Print the line."""
        self._console.print(_line(time), highlight=False, markup=False, soft_wrap=True)

    def failed(self, stage: str) -> None:
        """Print that it failed; the error itself follows."""
        self._console.print(f"{stage:<{_WIDTH}} failed", highlight=False, markup=False)


class Live(Plain):
    """The same lines, with a spinner for the stage that is under way."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._status: Status | None = None

    def started(self, stage: str) -> None:
        """Show the spinner."""
        self._stop()
        self._status = self._console.status(f"{stage} ...")
        self._status.start()

    def progress(self, stage: str, done: int, total: int | None, unit: str) -> None:
        """Show how far it is."""
        if self._status:
            of = f" of {total}" if total is not None else ""
            self._status.update(f"{stage}: {done}{of} {unit}")

    def finished(self, time: StageTime) -> None:
        """Replace the spinner by the line."""
        self._stop()
        super().finished(time)

    def failed(self, stage: str) -> None:
        """Replace the spinner by the line."""
        self._stop()
        super().failed(stage)

    def _stop(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None


def listener(environment: Mapping[str, str], quiet: int) -> Quiet:
    """Choose how to draw: live only where stderr is a terminal that can, and nobody automates."""
    if quiet:
        return Quiet()
    console = Console(stderr=True)
    automated = environment.get("CI") or environment.get("TERM") == "dumb"
    if sys.stderr.isatty() and not automated:
        return Live(console)
    return Plain(console)


def _line(time: StageTime) -> str:
    return f"{time.name:<{_WIDTH}} {time.seconds:6.1f} s  {time.note}".rstrip()
