"""``Clock``: the machine's own."""

import time


class MonotonicClock:
    """The real ``Clock``."""

    def now_s(self) -> float:
        """Seconds since some moment in the past."""
        return time.monotonic()
