"""SHA-256 digests: one value, read from the spellings that catalogues, locks and OCI use."""

import base64
import binascii
import hashlib
import re
from typing import Self

from msgspec import Struct

_HEX64 = re.compile(r"[0-9a-f]{64}")
_FIRST_TIME_S = 946_684_800  # 2000-01-01T00:00:00Z
_TIMES = 300_000_000  # two seconds apart: the last is in January 2019


class Digest(Struct, frozen=True, order=True):
    """SHA-256 of exact bytes; prints as ``sha256:`` and 64 lower-case hex digits."""

    hex: str

    def __post_init__(self) -> None:
        """Check here, so that no constructor can make a wrong value."""
        if not _HEX64.fullmatch(self.hex):
            raise ValueError(self.hex)

    def __str__(self) -> str:
        """Spell it as OCI does."""
        return f"sha256:{self.hex}"

    @property
    def time_s(self) -> int:
        """The time a file of this content gets: even seconds since 1970, 2000 to early 2019.

        A controller unpacks an archive again only where its modification time has changed, so
        the time has to follow from the content. DOS times, as ZIP has them, are even and
        begin in 1980.
        """
        return _FIRST_TIME_S + 2 * (int(self.hex, 16) % _TIMES)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Compute the digest of ``content``."""
        return cls(hashlib.sha256(content).hexdigest())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``sha256:<hex>``, bare hex of either case, or base64 of the raw digest.

        Raises:
            ValueError: ``text`` is none of these.
        """
        bare = text.removeprefix("sha256:")
        if _HEX64.fullmatch(bare.lower()):
            return cls(bare.lower())
        try:
            return cls(base64.b64decode(text, validate=True).hex())
        except binascii.Error:
            raise ValueError(text) from None
