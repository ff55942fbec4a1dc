"""What an archive says of itself beyond what a resolution rests on: its group and its licences."""

from msgspec import Struct


class StatedLicence(Struct, frozen=True, kw_only=True, order=True):
    """A licence in the words of whoever stated it; one of the two is always there."""

    name: str = ""
    url: str = ""


class Stated(Struct, frozen=True, kw_only=True):
    """What is known of one archive; empty where it says nothing that can be read."""

    group: str | None = None  # of its Maven coordinates
    licences: tuple[StatedLicence, ...] = ()  # ascending, each once
