"""What jbuild asks of the outside, worded in our own types; ``world.py`` builds the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path, PurePosixPath

    from builder.model.build import ImageContext, ImageRef, War, WarPlan
    from builder.model.digest import Digest
    from builder.model.formula import DebianBase, InputFile, Repository
    from builder.model.lock import BasePin
    from builder.model.mirror import Document, Mirror, Wanted
    from builder.model.plugin import Coordinates
    from builder.model.report import Observation, Trial
    from builder.model.stage import StageTime
    from builder.model.stored import StoredFile


class Store(Protocol):
    """Files by digest, shared by all formulas and safe for several processes."""

    def find(self, digest: Digest) -> StoredFile | None:
        """Look a file up; None where the store does not hold it."""

    def check(self, digest: Digest) -> StoredFile | None:
        """Look a file up and read it through; one whose bytes have changed is dropped."""

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

    def make(self, wished: DebianBase) -> BasePin:
        """Make the base and keep its tar in the store.

        Raises:
            BaseUnavailable: the archive does not have the suite or the packages.
            OfflineMiss: settings say offline.
            ToolMissing: there is no mmdebstrap.
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


class Engine(Protocol):
    """Builds images."""

    def import_base(self, base: StoredFile, reference: str) -> None:
        """Make ``reference`` out of a tar, once per digest.

        Raises:
            EngineUnreachable: no engine answers.
        """

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Build and keep the image under every tag; the first names the result.

        Raises:
            EngineUnreachable: no engine answers.
            BuildFailed: a step failed.
        """


class Booter(Protocol):
    """Boots an image and looks at it."""

    def observe(self, trial: Trial) -> Observation:
        """Boot, wait, look, and leave nothing behind, whatever happens.

        Raises:
            EngineUnreachable: no engine answers.
            ImageMissing: there is no such image.
            BuildFailed: the engine refuses to start it.
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


class Revisions(Protocol):
    """The user's files as a version control once had them."""

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


class Listener(Protocol):
    """Hears about progress, and may draw it."""

    def started(self, stage: str) -> None:
        """A stage has begun."""

    def progress(self, stage: str, done: int, total: int | None, unit: str) -> None:
        """So much of a stage is done."""

    def finished(self, time: StageTime) -> None:
        """A stage has ended well."""

    def failed(self, stage: str) -> None:
        """A stage has ended in an error, which is told elsewhere."""


class Progress(Protocol):
    """What an adapter calls while it works, whatever stage it works for."""

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        """So much is done; ``total`` None where nobody knows."""


def unheard(done: int, total: int | None, unit: str) -> None:
    """Let progress go unheard."""


class Stage(Protocol):
    """One stage that is under way."""

    def note(self, text: str) -> None:
        """Say in a few words what came of it."""


class Stages(Protocol):
    """Times the stages of a run and tells whoever listens."""

    def stage(self, name: str) -> AbstractContextManager[Stage]:
        """Begin a stage; it ends with the block."""

    def times(self) -> tuple[StageTime, ...]:
        """Give every stage that has ended well, in order."""


class World(Protocol):
    """All that the pipeline is handed. ``builder.world.real`` makes the real one."""

    @property
    def store(self) -> Store:
        """Where files are kept."""

    @property
    def artifacts(self) -> Artifacts:
        """Where files by Maven coordinates come from."""

    @property
    def documents(self) -> Documents:
        """Where small documents come from."""

    @property
    def downloads(self) -> Downloads:
        """Where the files of mirrors come from."""

    @property
    def bases(self) -> Bases:
        """Where bases come from."""

    @property
    def archives(self) -> Archives:
        """What reads and writes archives."""

    @property
    def engine(self) -> Engine:
        """What builds images."""

    @property
    def booter(self) -> Booter:
        """What boots them."""

    @property
    def workspace(self) -> Workspace:
        """Where the user's own files are."""

    @property
    def stages(self) -> Stages:
        """What times the run."""
