"""A file of the store: what every room that fetches, reads or packs hands on."""

from pathlib import Path

from msgspec import Struct

from builder.model.digest import Digest


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file in the store, with what a ZIP entry needs to know of it."""

    digest: Digest
    size: int  # bytes
    crc32: int
    path: Path
