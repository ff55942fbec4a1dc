"""Stages are timed by the clock they are given, and told to the listener."""

from collections.abc import Iterator

import pytest

from builder.adapters.stages import TimedStages
from builder.model.stage import StageTime


class _Heard:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def started(self, stage: str) -> None:
        self.lines.append(f"started {stage}")

    def progress(self, stage: str, done: int, total: int | None, unit: str) -> None:
        self.lines.append(f"{stage} {done}/{total} {unit}")

    def finished(self, time: StageTime) -> None:
        self.lines.append(f"finished {time.name} {time.seconds:g} {time.note}")

    def failed(self, stage: str) -> None:
        self.lines.append(f"failed {stage}")


def _ticks() -> Iterator[float]:
    now = 100.0
    while True:
        yield now
        now += 2.5


def test_a_stage_is_timed_and_noted() -> None:
    heard, ticks = _Heard(), _ticks()
    stages = TimedStages(heard, now_s=lambda: next(ticks))
    with stages.stage("war") as stage:
        stages.progress(1, 3, "files")
        stage.note("31 MB")
    assert stages.times() == (StageTime(name="war", seconds=2.5, note="31 MB"),)
    assert heard.lines == ["started war", "war 1/3 files", "finished war 2.5 31 MB"]


def test_a_stage_that_fails_leaves_no_time_and_the_error_goes_on() -> None:
    heard = _Heard()
    stages = TimedStages(heard, now_s=lambda: 0.0)
    with pytest.raises(KeyError), stages.stage("fetch"):
        raise KeyError
    assert stages.times() == ()
    assert heard.lines == ["started fetch", "failed fetch"]


def test_progress_outside_every_stage_is_nobodys() -> None:
    heard = _Heard()
    TimedStages(heard).progress(1, None, "steps")
    assert heard.lines == []
