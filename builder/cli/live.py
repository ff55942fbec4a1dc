"""The stages on a terminal: a bar for the one that is under way, a line for each that has ended."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from builder.cli.progress import WIDTH, Plain
from builder.model.stage import StageTime


class _Stderr(Console):
    """Lets the work go on when nobody looks any more."""

    def on_broken_pipe(self) -> None:
        """Say no more, and do not end the process as the library would."""
        self.quiet = True


class Live(Plain):
    """The lines of ``Plain``, with a bar for the stage that is under way."""

    def __init__(self, console: Console) -> None:
        super().__init__(console.file)
        self._console = console
        self._bar: Progress | None = None

    def started(self, stage: str) -> None:
        """Show the bar; it runs to and fro as long as nobody knows how much there is."""
        self._stop()
        texts = TextColumn(f"{{task.description:<{WIDTH}}}"), TextColumn("{task.fields[said]}")
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

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _stop(self) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None


def console() -> Console:
    """Draw on stderr."""
    return _Stderr(stderr=True)
