"""``Stages``: times the stages of a run on the machine's own clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from builder.model.report import StageTime
from builder.ports import Listener


class _Stage:
    """A stage that is under way."""

    def __init__(self, name: str, listener: Listener) -> None:
        self._name = name
        self._listener = listener
        self.noted = ""

    def note(self, text: str) -> None:
        """Keep the text for the end."""
        self.noted = text

    def progress(self, done: int, total: int | None, unit: str) -> None:
        """Pass it on."""
        self._listener.progress(self._name, done, total, unit)


class TimedStages:
    """The real ``Stages``."""

    def __init__(self, listener: Listener, now_s: Callable[[], float] = time.monotonic) -> None:
        self._listener = listener
        self._now_s = now_s
        self._times: list[StageTime] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[_Stage]:
        """Time the block; one that raises is told as failed and leaves no time."""
        self._listener.started(name)
        stage, begun = _Stage(name, self._listener), self._now_s()
        try:
            yield stage
        except BaseException:
            self._listener.failed(name)
            raise
        time_taken = StageTime(name=name, seconds=self._now_s() - begun, note=stage.noted)
        self._times.append(time_taken)
        self._listener.finished(time_taken)

    def times(self) -> tuple[StageTime, ...]:
        """Give what has been timed."""
        return tuple(self._times)
