"""How a file is built from its sources: a commit, a command, and the file that it leaves."""

import json
from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.digest import Digest
from builder.model.plugin import Built


class Recipe(Struct, frozen=True, kw_only=True):
    """One build; what it may take is no part of what comes of it."""

    address: str  # of the repository, as git takes it; a path is relative to the formula's folder
    commit: str  # all of its hex digits
    command: tuple[str, ...]  # no shell reads it
    output: PurePosixPath  # below the top of the repository
    timeout_s: int = 3600

    @property
    def digest(self) -> Digest:
        """Stand for all that decides about the bytes."""
        said = [self.address, self.commit, list(self.command), str(self.output)]
        return Digest.of(json.dumps(said, separators=(",", ":")).encode())

    @property
    def origin(self) -> Built:
        """Say it as a lock writes it down, without the address."""
        return Built(self.commit, self.digest)
