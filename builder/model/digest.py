"""SHA-256 digests: one value, read from the spellings that catalogues, locks and OCI use."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Self

_HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """SHA-256 of exact bytes; prints as ``sha256:`` and 64 lower-case hex digits."""

    hex: str

    def __post_init__(self) -> None:
        """Check here, so that no constructor can make a wrong value."""
        if not _HEX64.fullmatch(self.hex):
            raise ValueError(self.hex)

    def __str__(self) -> str:
        """Spell it as OCI does."""
        return f"sha256:{self.hex}"

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
