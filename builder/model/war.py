"""What a formula wants changed in the controller's archive."""

from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.plugin import Beside, Coordinates
from builder.model.recipe import Recipe


class Taken(Struct, frozen=True, kw_only=True):
    """Files of a commit, as they are."""

    address: str  # of the repository, as git takes it; a path is relative to the formula's folder
    commit: str  # all of its hex digits
    path: PurePosixPath | None = None  # of a file or a folder; None: all

    @property
    def root(self) -> PurePosixPath:
        """Where the commit's files stand among those beside the formula."""
        return PurePosixPath(f"commit-{self.commit}")


class Resource(Struct, frozen=True, kw_only=True):
    """A file, or what a folder holds, beside the formula: hooks, or CasC."""

    id: str
    source: PurePosixPath  # relative to the formula's folder
    hook: str | None = None  # when Jenkins runs it, such as ``init``; None for CasC
    taken: Taken | None = None  # of a commit; ``source`` is then below its ``root``


class LibraryWish(Struct, frozen=True, kw_only=True):
    """A jar of ``WEB-INF/lib``, by its Maven artifact id."""

    group: str
    artifact: str
    origin: Coordinates | Beside | Recipe | None = None  # None: to be left out


class WarWishes(Struct, frozen=True, kw_only=True):
    """What becomes of the archive; empty: it stays what it is, plugins apart."""

    core: PurePosixPath | Recipe | None = None  # the archive itself, where no mirror has it
    properties: tuple[tuple[str, str], ...] = ()  # of ``jenkins.util.SystemProperties``, by name
    hooks: tuple[Resource, ...] = ()
    casc: tuple[Resource, ...] = ()
    patches: tuple[LibraryWish, ...] = ()
    excludes: tuple[LibraryWish, ...] = ()

    @property
    def taken(self) -> tuple[Taken, ...]:
        """List what is taken of commits, each once."""
        found = (each.taken for each in (*self.hooks, *self.casc))
        return tuple(dict.fromkeys(each for each in found if each))

    @property
    def paths(self) -> tuple[PurePosixPath, ...]:
        """List the files and folders beside the formula that it names, and those of commits."""
        besides = (e.origin.path for e in self.patches if isinstance(e.origin, Beside))
        resources = (each.source for each in (*self.hooks, *self.casc))
        core = (self.core,) if isinstance(self.core, PurePosixPath) else ()
        return (*core, *resources, *besides)
