"""Looks at mirrors: whether they answer, how fast, how old the index is that they serve."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.adapters import http_faults, http_ranges
from builder.adapters.http_client import Client
from builder.adapters.http_faults import Fault
from builder.model.mirror import Health, Mirror

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_INDEX = "update-center.json"
_SAMPLE = 512 * 1024  # bytes
_GENERATED = re.compile(rb'"generationTimestamp"\s*:\s*"([0-9T:.+-]+Z?)"')


class HttpProbe(Struct, frozen=True, kw_only=True):
    """Asks every mirror for the beginning of its index, all at once."""

    client: Client

    def look(self, mirrors: tuple[Mirror, ...]) -> tuple[Health, ...]:
        """Tell of each, in the order they were given."""
        with ThreadPoolExecutor(max_workers=max(len(mirrors), 1)) as pool:
            return tuple(pool.map(self._looked, mirrors))

    def _looked(self, mirror: Mirror) -> Health:
        begun_s = time.monotonic()
        asked = http_ranges.question(0, _SAMPLE, plain=False)
        sample, said = b"", None
        answered_s = begun_s
        generated = None
        try:
            with self.client.open(f"{mirror.updates}{_INDEX}", asked) as (response, _):
                http_ranges.read(response, 0, plain=False)
                answered_s = time.monotonic()
                generated = _modified(response)
                for block in http_ranges.blocks(response, 0):
                    sample += block
                    if len(sample) >= _SAMPLE:
                        break
        except Fault as fault:
            said = fault.said
        taken_s = max(time.monotonic() - answered_s, 1e-6)
        told = _GENERATED.search(sample)
        return Health(
            mirror=mirror,
            said=said,
            latency_s=None if said else answered_s - begun_s,
            speed=None if said else len(sample) / taken_s,
            generated=_moment(told[1].decode()) if told else generated,
        )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _modified(response: "BaseHTTPResponse") -> datetime | None:
    """Read when the copy was made, for an index that does not say."""
    return http_faults.moment(response.headers.get("Last-Modified", ""))
