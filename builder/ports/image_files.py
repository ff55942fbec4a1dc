"""What jbuild asks of an image that it only looks into: files, read without running anything."""

from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Protocol

from builder.model.stored import StoredFile


class ImageFiles(Protocol):
    """The files of one image; links are not followed, and count as nothing."""

    def read(self, path: PurePosixPath, *, limit: int) -> bytes | None:
        """Read a plain file; None where there is none.

        Raises:
            ArchiveBroken: it has more than ``limit`` bytes.
            EngineUnreachable: the engine answers no longer.
        """

    def copy(self, path: PurePosixPath, folder: Path) -> tuple[StoredFile, ...]:
        """Copy a plain file, or the plain files that lie right in a folder, into ``folder``.

        Returns:
            The copies, measured, by name; empty where the image has nothing there.

        Raises:
            NoSpace: the disk is full, or may not be written to.
            EngineUnreachable: the engine answers no longer.
        """


class Images(Protocol):
    """The images that an engine has."""

    def opened(self, reference: str) -> AbstractContextManager[ImageFiles]:
        """Look into an image; nothing of that is left in the engine after the block.

        Args:
            reference: a name or an id that the engine knows.

        Raises:
            EngineUnreachable: no engine answers.
            ImageMissing: there is no such image; nothing is pulled.
        """
