"""The stages of a run, as they are timed and told of."""

from msgspec import Struct


class StageTime(Struct, frozen=True, kw_only=True):
    """How long one stage took."""

    name: str
    seconds: float
    note: str
