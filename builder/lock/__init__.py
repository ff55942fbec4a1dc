"""The lock: written, read back, compared, and held against the formula it came from."""

from builder.lock.codec import from_bytes, to_bytes
from builder.lock.diff import diff
from builder.lock.fresh import base_fits, changes, fingerprint
from builder.lock.make import make, pin, release, resolution

__all__ = [
    "base_fits",
    "changes",
    "diff",
    "fingerprint",
    "from_bytes",
    "make",
    "pin",
    "release",
    "resolution",
    "to_bytes",
]
