"""The stages of a run, as they are timed and told of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """How long one stage took."""

    name: str
    seconds: float
    note: str
