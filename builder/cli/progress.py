"""``Listener``: what stderr shows of the stages, live on a terminal, one line a stage elsewhere."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from builder.model.stage import StageTime

WIDTH = 8  # of a stage's name


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
    """One line for each stage that has ended; the work goes on when nobody looks any more."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def finished(self, time: StageTime) -> None:
        """Print the line."""
        self._say(f"{time.name:<{WIDTH}} {time.seconds:6.1f} s  {time.note}".rstrip())

    def failed(self, stage: str) -> None:
        """Print that it failed; the error itself follows."""
        self._say(f"{stage:<{WIDTH}} failed")

    def _say(self, line: str) -> None:
        with suppress(BrokenPipeError):
            print(line, file=self._stream, flush=True)


def listener(environment: Mapping[str, str], quiet: int) -> Quiet:
    """Choose how to draw: live only where stderr is a terminal that can, and nobody automates."""
    if quiet:
        return Quiet()
    automated = environment.get("CI") or environment.get("TERM") == "dumb"
    if automated or not sys.stderr.isatty():
        return Plain(sys.stderr)
    from builder.cli.live import Live, console  # noqa: PLC0415  # rich, which only bars need

    return Live(console())
