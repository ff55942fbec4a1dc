"""Where files and documents come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from pathlib import Path

    from builder.model.base_wishes import DebianBase, ImageBase
    from builder.model.digest import Digest
    from builder.model.formula import InputFile, Repository
    from builder.model.lock import BasePin, ImagePin
    from builder.model.mirror import Document, Mirror, Wanted
    from builder.model.plugin import Coordinates
    from builder.model.recipe import Recipe
    from builder.model.stored import StoredFile
    from builder.model.war import Taken


class Artifacts(Protocol):
    """Files by Maven coordinates."""

    def fetch(
        self, wanted: tuple[Coordinates, ...], repositories: tuple[Repository, ...]
    ) -> tuple[StoredFile, ...]:
        """Bring every file into the store, in the order of ``wanted``.

        Runs nothing when the store has them all.

        Raises:
            ArtifactsMissing: Maven has no such file.
            OfflineMiss: not in the store, and settings say offline.
            ToolMissing: there is no Maven.
        """

    def forget(self, unwanted: Coordinates) -> None:
        """Ask Maven again next time: the file was not what it should be."""


class Documents(Protocol):
    """Small documents by URL, cached with what lets a server say that nothing has changed."""

    def fetch(self, url: str, *, limit: int) -> Document:
        """Give the document as it is now; offline, as it was when it was last seen.

        A document that the server says is unchanged comes out of the cache.

        Raises:
            SourceUnreachable: no whole answer after the configured tries.
            BodyTooLarge: the server sent more than ``limit`` bytes.
            OfflineMiss: settings say offline, and the cache does not have it.
        """


class Downloads(Protocol):
    """Files of update sites and of URLs, from whichever mirror serves them well."""

    def fetch(
        self, wanted: tuple[Wanted, ...], mirrors: tuple[Mirror, ...]
    ) -> tuple[StoredFile, ...]:
        """Bring every file into the store, in the order of ``wanted``.

        Reaches nothing for a file whose digest the store holds. What a mirror sends counts only
        once its digest is right. A partial file is kept and resumed by the next run.

        Raises:
            FilesUnreachable: no mirror has a whole and right file; names each file and mirror.
            OfflineMiss: settings say offline, and the store does not hold them.
            NoSpace: the disk is full, or may not be written to.
        """


class Bases(Protocol):
    """Base images out of Debian packages."""

    def make(self, wished: DebianBase, platform: str | None = None) -> BasePin:
        """Make the base and keep its tar in the store; None: for this machine's own platform.

        Raises:
            BaseUnavailable: the archive does not have the suite or the packages, or this machine
                cannot run the programs of the platform.
            OfflineMiss: settings say offline.
            ToolMissing: there is no mmdebstrap.
        """


class BaseImages(Protocol):
    """Bases that are images already: of a registry, a folder, an archive or the engine."""

    def bring(
        self,
        wished: ImageBase,
        folder: Path,
        *,
        platform: str | None = None,
        manifest: Digest | None = None,
    ) -> ImagePin:
        """Copy the image of one platform into the store, as an OCI archive.

        The same manifest gives the same archive, to the byte, wherever it comes from.

        Args:
            wished: what the formula names.
            folder: the formula's own.
            platform: such as ``linux/arm64``; None: that of this machine.
            manifest: the image that is locked; None: whatever the name means today.

        Raises:
            ImageUnavailable: there is no such image, none for the platform, or not the locked one.
            DigestMismatch: a part of it is not what its manifest says.
            OfflineMiss: it is a registry's, and settings say offline.
            ToolMissing: it is a registry's, and there is no skopeo.
            EngineUnreachable: it is the engine's, and none answers.
        """


class Builds(Protocol):
    """Files that are built from commits of git repositories, or from folders."""

    def look(self, folder: Path) -> Digest:
        """Compute the digest of all that is built from in a folder.

        Names, modes and contents decide. Where the folder is a repository, what git ignores in it
        does not count.

        Raises:
            Unreadable: there is no such folder, or a file in it cannot be read.
        """

    def make(self, recipe: Recipe, folder: Path) -> StoredFile:
        """Build the file and keep it in the store; what was built before is not built again.

        Args:
            recipe: what to build.
            folder: the formula's own, for a repository that is named by a path.

        Raises:
            CommitUnavailable: the repository does not answer, or has no such commit.
            DigestMismatch: the folder is another one since it was looked into.
            CommandFailed: the command ended badly, took too long, or left no such file.
            OfflineMiss: not in the store, and settings say offline.
            ToolMissing: there is no git.
        """

    def take(self, wanted: Taken, folder: Path) -> tuple[InputFile, ...]:
        """Give files of a commit byte for byte, by path from the top of the repository.

        Args:
            wanted: which; where there is no such path, there are no files.
            folder: the formula's own, for a repository that is named by a path.

        Raises:
            CommitUnavailable: the repository does not answer, has no such commit, or a link or
                a submodule is among the files.
            OfflineMiss: not in the store, and settings say offline.
            ToolMissing: there is no git.
        """

    def forget(self, recipe: Recipe) -> None:
        """Build it again next time: the file was not what it should be."""
