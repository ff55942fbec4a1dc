"""How a file is built from its sources: a commit or a folder, a command, and what it leaves."""

import json
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from builder.model.digest import Digest
from builder.model.plugin import Built

Other = TypeVar("Other")


class Recipe(Struct, frozen=True, kw_only=True):
    """One build; what it may take is no part of what comes of it."""

    address: str  # of the repository, as git takes it, or of a folder; relative to the formula's
    commit: str | None  # all of its hex digits; None: the folder as it is
    command: tuple[str, ...]  # no shell reads it
    output: PurePosixPath  # below the top of the sources
    timeout_s: int = 3600
    tree: Digest | None = None  # of the folder's files; None until somebody has looked

    @property
    def sources(self) -> str:
        """Say to people what is built."""
        return f"commit {self.commit[:12]}" if self.commit else f"the folder {self.address}"

    @property
    def digest(self) -> Digest:
        """Stand for all that decides about the bytes."""
        state = self.commit or (self.tree.hex if self.tree else None)
        if state is None:
            raise AssertionError(self.address)
        said = [self.address, state, list(self.command), str(self.output)]
        return Digest.of(json.dumps(said, separators=(",", ":")).encode())

    @property
    def origin(self) -> Built:
        """Say it as a lock writes it down, without the address."""
        return Built(self.commit, self.digest)


def as_locked(wished: "Recipe | Other") -> Built | Other:
    """Give the origin that a lock writes down for a wish's own."""
    return wished.origin if isinstance(wished, Recipe) else wished
