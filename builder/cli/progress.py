"""``Listener``: draws on stderr, live on a terminal, one line a stage elsewhere."""

import sys
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from builder.model.report import StageTime

_WIDTH = 8  # of a stage's name


class _Stderr(Console):
    """Lets the work go on when nobody looks any more."""

    def on_broken_pipe(self) -> None:
        """Say no more, and do not end the process as the library would."""
        self.quiet = True


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
    """The same lines, with a bar for the stage that is under way."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._bar: Progress | None = None

    def started(self, stage: str) -> None:
        """Show the bar; it runs to and fro as long as nobody knows how much there is."""
        self._stop()
        texts = TextColumn(f"{{task.description:<{_WIDTH}}}"), TextColumn("{task.fields[said]}")
        columns = (texts[0], BarColumn(), texts[1], TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._bar.add_task(stage, total=None, said="")
        self._bar.start()

    def progress(self, stage: str, done: int, total: int | None, unit: str) -> None:
        """Show how far it is."""
        if self._bar:
            of = f" of {total}" if total is not None else ""
            task, said = self._bar.task_ids[0], f"{done}{of} {unit}"
            self._bar.update(task, completed=done, total=total, description=stage, said=said)

    def finished(self, time: StageTime) -> None:
        """Replace the bar by the line."""
        self._stop()
        super().finished(time)

    def failed(self, stage: str) -> None:
        """Replace the bar by the line."""
        self._stop()
        super().failed(stage)

    def _stop(self) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None


def listener(environment: Mapping[str, str], quiet: int) -> Quiet:
    """Choose how to draw: live only where stderr is a terminal that can, and nobody automates."""
    if quiet:
        return Quiet()
    console = _Stderr(stderr=True)
    automated = environment.get("CI") or environment.get("TERM") == "dumb"
    if sys.stderr.isatty() and not automated:
        return Live(console)
    return Plain(console)


def _line(time: StageTime) -> str:
    return f"{time.name:<{_WIDTH}} {time.seconds:6.1f} s  {time.note}".rstrip()
