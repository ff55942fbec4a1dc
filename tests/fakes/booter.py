"""A ``Booter`` that has seen everything before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder.errors import EngineUnreachable, ImageMissing
from builder.model.report import Observation, Trial


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
