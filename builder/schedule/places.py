"""What is known of one place that serves files: how fast it is, how often it failed, its rest."""

from dataclasses import dataclass

from msgspec import Struct

_LONGEST_REST_S = 30.0
_FAILING = 3  # faults in a row, without one good byte between them
_DEAD = 7
_USUAL_LATENCY_S = 0.05
_TYPICAL = 1 << 20  # bytes of an order, for comparing places


class Place(Struct, frozen=True, kw_only=True):
    """A mirror, or the server of one URL."""

    name: str
    host: str  # with its port; places of one host share its connections


@dataclass(slots=True, kw_only=True)
class PlaceState:
    """How a place has done so far."""

    place: Place
    rest_s: float = 0.25  # after the second fault in a row, doubled for each further one
    speed: float | None = None  # bytes a second and connection
    latency_s: float | None = None  # to the first byte
    faults: int = 0  # in a row
    rest_until_s: float = 0.0
    counted_at_s: float = -1.0  # when the last fault was counted
    trust: float = 1.0  # falls with every file that was wrong
    ranges: bool = True

    @property
    def failing(self) -> bool:
        """Say whether other places should be asked first."""
        return self.faults >= _FAILING

    @property
    def dead(self) -> bool:
        """Say whether there is no use in asking it again in this run."""
        return self.faults >= _DEAD

    def cost_s(self) -> float | None:
        """Estimate the time of a typical order; None before anything is known."""
        if self.speed is None:
            return None
        return (self.latency_s or _USUAL_LATENCY_S) + _TYPICAL / self.speed

    def served(self, count: int, speed: float | None) -> None:
        """Take note that ``count`` bytes came, and how fast."""
        if count:
            self.faults = 0
        if speed:
            self.speed = speed if self.speed is None else 0.8 * self.speed + 0.2 * speed

    def answered(self, latency_s: float) -> None:
        """Take note of the time to a first byte."""
        old = self.latency_s
        self.latency_s = latency_s if old is None else 0.8 * old + 0.2 * latency_s

    def failed(self, begun_s: float, now_s: float, wait_s: float | None) -> bool:
        """Take note of a fault, and rest where there were several in a row.

        Returns:
            Whether it counts: of a burst of orders that were under way together, only one does.
        """
        if wait_s is not None:
            self.rest_until_s = max(self.rest_until_s, now_s + wait_s)
        if begun_s < self.counted_at_s:
            return False
        self.faults += 1
        self.counted_at_s = now_s
        if self.faults > 1:
            rest_s = self.rest_s * 2 ** (self.faults - 2)
            self.rest_until_s = max(self.rest_until_s, now_s + min(rest_s, _LONGEST_REST_S))
        return True

    def lied(self, factor: float) -> None:
        """Trust it less: it sent, or may have sent, what is not the file."""
        self.trust *= factor
