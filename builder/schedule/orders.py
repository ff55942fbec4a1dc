"""One order: a range of one file from one place, and how far it has come."""

from dataclasses import dataclass

ENDLESS = 1 << 62  # bytes; the stop of an order whose file has no known size


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
    last_s: float = 0.0
    last_block: int = 64 * 1024  # bytes

    @property
    def left(self) -> int:
        """Count the bytes that are still to come."""
        return max(self.stop - self.position, 0)

    def speed(self, now_s: float) -> float:
        """Estimate bytes a second, falling while nothing comes."""
        since = max(now_s - (self.last_s or self.begun_s), 1e-4)
        lately = self.last_block / since
        if self.first_s is None:
            return lately
        return min((self.written - self.start) / max(now_s - self.begun_s, 1e-4), lately)
