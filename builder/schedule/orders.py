"""One order: a range of one file from one place, and how far it has come."""

from dataclasses import dataclass

ENDLESS = 1 << 62  # bytes; the stop of an order whose file has no known size
PATIENCE_S = 0.25  # what an order may still need before its rest is taken over
_FLOWING = 0.4  # of that patience, with an order whose bytes come
_LEAST_TAKEN = 64 << 10  # bytes that are worth a request of their own


@dataclass(slots=True, kw_only=True, eq=False)
class Order:
    """What one connection fetches; ``stop`` moves down when a faster place takes the rest."""

    target: int
    place: int
    copy: int  # of the target; an order for a copy that was thrown away writes nothing
    start: int  # of the bytes to be written
    stop: int
    plain: bool  # ask for the whole file, without a range
    begun_s: float
    position: int  # bytes before it are written, or are being written
    written: int
    first_s: float | None = None  # when the first bytes were written
    last_s: float | None = None
    patience_s: float = PATIENCE_S  # doubled each time that a range stands still
    last_block: int = 0  # bytes

    @property
    def _last_s(self) -> float:
        return self.begun_s if self.last_s is None else self.last_s

    @property
    def left(self) -> int:
        """Count the bytes that are still to come."""
        return max(self.stop - self.position, 0)

    def speed(self, now_s: float) -> float:
        """Estimate bytes a second, falling while nothing comes."""
        lately = max(self.last_block, _LEAST_TAKEN) / max(now_s - self._last_s, 1e-4)
        if self.first_s is None:
            return lately
        return min((self.written - self.start) / max(now_s - self.first_s, 1e-4), lately)

    def left_s(self, now_s: float) -> float:
        """Estimate when it will end; who has stood still for a while will do so as long again."""
        return max(self.left / self.speed(now_s), now_s - self._last_s)

    def may_be_shared(self, now_s: float, usual_s: float) -> bool:
        """Say whether it has had its chance; ``usual_s``: until the first byte comes from there."""
        if self.first_s is None:
            return now_s - self.begun_s >= max(self.patience_s, 3 * usual_s)
        return now_s - self.first_s >= _FLOWING * self.patience_s

    def surplus(self, now_s: float, latency_s: float, speed: float) -> int:
        """Count the last bytes that somebody else, fast as that, had better fetch."""
        left_s = self.left_s(now_s)
        patience_s = self.patience_s if self.first_s is None else _FLOWING * self.patience_s
        if left_s < patience_s + 2 * latency_s:
            return 0
        if self.first_s is None:  # nobody knows how fast it would be
            return self.left
        taken = int((left_s - latency_s) / (left_s / self.left + 1 / speed))
        if taken > self.left - _LEAST_TAKEN:
            return self.left
        return taken if taken >= _LEAST_TAKEN else 0
