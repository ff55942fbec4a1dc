"""Who hears how far a run is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from contextlib import AbstractContextManager

    from builder.model.stage import StageTime


class Listener(Protocol):
    """Hears about progress, and may draw it."""

    def started(self, stage: str) -> None:
        """A stage has begun."""

    def progress(self, stage: str, done: int, total: int | None, unit: str) -> None:
        """So much of a stage is done."""

    def finished(self, time: StageTime) -> None:
        """A stage has ended well."""

    def failed(self, stage: str) -> None:
        """A stage has ended in an error, which is told elsewhere."""


class Progress(Protocol):
    """What an adapter calls while it works, whatever stage it works for."""

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        """So much is done; ``total`` None where nobody knows."""


def unheard(done: int, total: int | None, unit: str) -> None:
    """Let progress go unheard."""


class Stage(Protocol):
    """One stage that is under way."""

    def note(self, text: str) -> None:
        """Say in a few words what came of it."""


class Stages(Protocol):
    """Times the stages of a run and tells whoever listens."""

    def stage(self, name: str) -> AbstractContextManager[Stage]:
        """Begin a stage; it ends with the block."""

    def times(self) -> tuple[StageTime, ...]:
        """Give every stage that has ended well, in order."""
