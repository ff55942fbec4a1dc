"""``Stages``: times the stages of a run on the machine's own clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from builder.model.stage import StageTime
from builder.ports import Listener


class _Stage:
    """A stage that is under way."""

    def __init__(self) -> None:
        self.noted = ""

    def note(self, text: str) -> None:
        """Keep the text for the end."""
        self.noted = text


class TimedStages:
    """The real ``Stages``; ``progress`` is for the adapters, which need not know for whom."""

    def __init__(self, listener: Listener, now_s: Callable[[], float] = time.monotonic) -> None:
        self._listener = listener
        self._now_s = now_s
        self._times: list[StageTime] = []
        self._current: str | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[_Stage]:
        """Time the block; one that raises is told as failed and leaves no time."""
        self._listener.started(name)
        self._current = name
        stage, begun = _Stage(), self._now_s()
        try:
            yield stage
        except BaseException:
            self._listener.failed(name)
            raise
        finally:
            self._current = None
        time_taken = StageTime(name=name, seconds=self._now_s() - begun, note=stage.noted)
        self._times.append(time_taken)
        self._listener.finished(time_taken)

    def progress(self, done: int, total: int | None, unit: str) -> None:
        """Tell it of the stage that is under way."""
        if self._current:
            self._listener.progress(self._current, done, total, unit)

    def times(self) -> tuple[StageTime, ...]:
        """Give what has been timed."""
        return tuple(self._times)
