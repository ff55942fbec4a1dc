"""A file of the store: what every room that fetches, reads or packs hands on."""

from dataclasses import dataclass
from pathlib import Path

from builder.model.digest import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file in the store, with what a ZIP entry needs to know of it."""

    digest: Digest
    size: int  # bytes
    crc32: int
    path: Path
