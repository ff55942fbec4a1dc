"""Files by digest, archives, and the user's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path, PurePosixPath

    from builder.model.build import ContextFile, War, WarPlan
    from builder.model.digest import Digest
    from builder.model.formula import InputFile
    from builder.model.stored import StoredFile


class Store(Protocol):
    """Files by digest, shared by all formulas and safe for several processes."""

    def find(self, digest: Digest) -> StoredFile | None:
        """Look a file up; None where the store does not hold it."""

    def check(self, digest: Digest) -> StoredFile | None:
        """Look a file up and read it through; one whose bytes have changed is dropped."""

    def check_each(self, digests: tuple[Digest, ...]) -> tuple[StoredFile | None, ...]:
        """Check many, side by side; in the order of ``digests``."""

    def add(self, chunks: Iterable[bytes]) -> StoredFile:
        """Keep the bytes; whole or not at all.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """

    def adopt(self, path: Path) -> StoredFile:
        """Keep a finished file, moving it where that is possible.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """

    def scratch(self) -> AbstractContextManager[Path]:
        """Lend an empty folder on the store's own disk; it is gone afterwards.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """

    def recall(self, name: str) -> Digest | None:
        """Tell which digest a name had; None where none was remembered."""

    def remember(self, name: str, digest: Digest) -> None:
        """Remember that a name which never changes its bytes has this digest."""

    def forget(self, name: str) -> None:
        """Remember it no longer; a name that nobody remembers is fine."""

    def read(self, digest: Digest) -> bytes | None:
        """Give a file's bytes; None where they are not there, or have changed."""

    def read_note(self, name: str) -> bytes | None:
        """Give the small record of a name; None where there is none."""

    def write_note(self, name: str, content: bytes) -> None:
        """Replace the small record of a name, whole or not at all.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """


class Archives(Protocol):
    """ZIP archives: plugins and WARs."""

    def names(self, path: Path) -> tuple[str, ...]:
        """List the entries in the order of the archive.

        Raises:
            ArchiveBroken: not a whole ZIP archive.
        """

    def read(self, path: Path, name: str, *, limit: int) -> bytes | None:
        """Read one entry, at most ``limit`` bytes; None where there is none of that name.

        Raises:
            ArchiveBroken: not a whole ZIP archive, or the entry is larger than ``limit``.
        """

    def write(self, plan: WarPlan, target: Path) -> War:
        """Write the WAR: whole at ``target``, whose folder is made, or not at all.

        Raises:
            ArchiveBroken: the core is not a whole ZIP archive.
            NoSpace: the disk is full.
        """


class Workspace(Protocol):
    """The user's own files: reads inputs, writes results whole or not at all."""

    def read_text(self, path: Path) -> str | None:
        """Read a UTF-8 file; None where there is none."""

    def read_bytes(self, path: Path, *, limit: int) -> bytes | None:
        """Read a file; None where there is none.

        Raises:
            Unreadable: it is no plain file, has more than ``limit`` bytes, or may not be read.
        """

    def read_inputs(self, folder: Path, wanted: tuple[PurePosixPath, ...]) -> tuple[InputFile, ...]:
        """Read files, and all files of folders, below ``folder``; leave out what is absent.

        Raises:
            OutsideFolder: a link leads out of ``folder``.
        """

    def write(self, path: Path, content: bytes) -> None:
        """Replace the file atomically, and only if its bytes differ.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """

    def write_folder(self, folder: Path, files: tuple[ContextFile, ...]) -> None:
        """Write contexts of images as plain files, whole or not at all, for any builder to read.

        A folder that this has made before, and nobody has touched since, is replaced.

        Raises:
            FolderTaken: it holds anything else; nothing is changed.
            ArchiveBroken: a file cannot be read.
            NoSpace: the disk is full, or may not be written to.
        """


class Revisions(Protocol):
    """The user's files as a version control once had them."""

    def tag(self, folder: Path) -> str | None:
        """Give the tag of the commit that a folder is at; None where it has none.

        Raises:
            RevisionUnreadable: no repository.
            ToolMissing: the version control is not installed.
        """

    def read(self, revision: str, path: str, folder: Path) -> bytes | None:
        """Read one file of a commit; None where the commit has none of that name.

        Args:
            revision: as the tool spells it, such as ``HEAD~1``, a branch or a tag.
            path: from the top of the repository, or with ``./`` in front from ``folder``.
            folder: a place inside the repository.

        Raises:
            RevisionUnreadable: no repository, or no such commit.
            ToolMissing: the version control is not installed.
        """
