"""A ``Booter`` that has seen everything before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from builder.errors import EngineUnreachable, ImageMissing
from builder.model.report import Ending, Observation, Stopped, Trial

STOPPED = Stopped(after_s=0.5, exit_code=143, log=())


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeBooter:
    """Knows some images; tests/contracts/test_booter.py holds it to the port."""

    images: Mapping[str, Observation]
    is_reachable: bool = True
    trials: list[Trial] = field(default_factory=list)  # what it was asked, in order

    def observe(self, trial: Trial) -> Observation:
        """Give the prepared observation.

        Raises:
            EngineUnreachable: made so.
            ImageMissing: it was given no observation for this image.
        """
        if not self.is_reachable:
            raise EngineUnreachable(address="fake", said="made so")
        if trial.image not in self.images:
            raise ImageMissing(reference=trial.image)
        self.trials.append(trial)
        return self.images[trial.image]

    def relive(self, trials: tuple[Trial, ...]) -> tuple[Observation, ...]:
        """Give the prepared ones up to the first that is not ready."""
        return relived(self.observe, trials)


def relived(
    observe: Callable[[Trial], Observation], trials: tuple[Trial, ...]
) -> tuple[Observation, ...]:
    """Tell each but the last to end, as long as each is ready."""
    seen: list[Observation] = []
    for number, trial in enumerate(trials, 1):
        once = observe(trial)
        is_ready = once.ending is Ending.READY
        seen.append(replace(once, stopped=STOPPED) if is_ready and number < len(trials) else once)
        if not is_ready:
            break
    return tuple(seen)
