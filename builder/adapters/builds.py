"""``Builds``: git or a copy, and the command a formula states, in a folder that goes afterwards.

The command sees a few variables and none of the user's others: ``PATH``, ``HOME`` (settings of
Maven and their like), ``JAVA_HOME``, and fixed ones for locale, time zone and time.
"""

import os
import shlex
from pathlib import Path

from builder.adapters import commits, sources_tree
from builder.adapters.faults import disk_faults
from builder.adapters.process import redacted, run_alone
from builder.errors import CommandFailed, DigestMismatch, OfflineMiss
from builder.model.digest import Digest
from builder.model.formula import InputFile
from builder.model.recipe import Recipe
from builder.model.stored import StoredFile
from builder.model.war import Taken
from builder.ports import Progress, Store, unheard

_NO_TIME_S = 315532800  # 1980-01-01, where ZIP begins
_TAIL = 20  # lines of a command that failed
_LET_IN = ("PATH", "HOME", "JAVA_HOME")


class GitBuilds:
    """The real ``Builds``."""

    def __init__(self, store: Store, *, offline: bool, progress: Progress = unheard) -> None:
        self._store = store
        self._offline = offline
        self._progress = progress

    def look(self, folder: Path) -> Digest:
        """Read all of its files."""
        return sources_tree.digest(folder)

    def make(self, recipe: Recipe, folder: Path) -> StoredFile:
        """Ask the store first, then whoever has the sources, then the command."""
        digest = self._store.recall(_name(recipe))
        if digest and (known := self._store.check(digest)):
            return known
        if self._offline:
            raise OfflineMiss(wanted=(f"what is built from {recipe.sources}",))
        with self._store.scratch() as scratch, disk_faults(scratch):
            try:
                work, time_s = _brought(recipe, folder, scratch)
                self._run(recipe, work, scratch, time_s)
                stored = self._store.adopt(_left(recipe, work))
            finally:
                _open_up(scratch)
        self._store.remember(_name(recipe), stored.digest)
        return stored

    def take(self, wanted: Taken, folder: Path) -> tuple[InputFile, ...]:
        """Ask the store first, which keeps them all in one file, then git."""
        name = f"taken {wanted.commit} {wanted.path or ''}"
        digest = self._store.recall(name)
        if digest and (known := self._store.read(digest)):
            return commits.unpacked(known)
        if self._offline:
            raise OfflineMiss(wanted=(f"{wanted.path or 'all'} of commit {wanted.commit}",))
        with self._store.scratch() as scratch, disk_faults(scratch):
            files = commits.files(wanted, folder, scratch)
        self._store.remember(name, self._store.add([commits.packed(files)]).digest)
        return files

    def forget(self, recipe: Recipe) -> None:
        """Forget the digest."""
        self._store.forget(_name(recipe))

    def _run(self, recipe: Recipe, work: Path, scratch: Path, time_s: int) -> None:
        heard: list[str] = []

        def hear(line: str) -> None:
            heard.append(line)
            self._progress(len(heard), None, "lines")

        temporary = scratch / "tmp"
        temporary.mkdir()
        try:
            done = run_alone(
                recipe.command,
                folder=work,
                environment=_environment(time_s, temporary),
                timeout_s=recipe.timeout_s,
                hear=hear,
            )
        except OSError as fault:
            raise _failed(recipe, f"it cannot be run: {fault.strerror}", ()) from fault
        if done is None:
            raise _failed(recipe, f"stopped after {recipe.timeout_s} s", heard[-_TAIL:])
        if done.code:
            raise _failed(recipe, f"it ended with {done.code}", heard[-_TAIL:])


def _name(recipe: Recipe) -> str:
    return f"built {recipe.digest}"


def _brought(recipe: Recipe, folder: Path, scratch: Path) -> tuple[Path, int]:
    """Bring the sources.

    Returns:
        A folder of its own, and the time of its files.
    """
    if recipe.commit:
        return _checked_out(recipe, recipe.commit, folder, scratch)
    work = scratch / "work"
    sources_tree.copy(folder / recipe.address, work, _NO_TIME_S)
    now = sources_tree.digest(work)
    if recipe.tree and now != recipe.tree:
        raise DigestMismatch(name=recipe.sources, wanted=recipe.tree, got=now)
    return work, _NO_TIME_S


def _checked_out(recipe: Recipe, commit: str, folder: Path, scratch: Path) -> tuple[Path, int]:
    """Bring the commit with its history, which versions are counted from, and no submodule."""
    work = commits.fetched(recipe.address, commit, folder, scratch)
    commits.check_out(work, recipe.address, commit)
    time_s = _time_s(work)
    for path in sorted(work.rglob("*")):
        if work / ".git" not in (path, *path.parents):
            os.utime(path, (time_s, time_s), follow_symlinks=False)
    return work, time_s


def _time_s(work: Path) -> int:
    (line,) = commits.git(work, "show", "--no-patch", "--format=%ct", "HEAD").lines
    return int(line)


def _environment(time_s: int, temporary: Path) -> dict[str, str]:
    return {
        **{name: value for name in _LET_IN if (value := os.environ.get(name))},
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": str(time_s),
        "TMPDIR": str(temporary),
    }


def _left(recipe: Recipe, work: Path) -> Path:
    """Find the file that the command has left, in the folder itself and not through a link."""
    path = work / recipe.output
    if path.is_file() and path.resolve() == work.resolve() / recipe.output:
        return path
    others = sorted(str(each.relative_to(work)) for each in work.rglob(f"*{path.suffix}"))
    there = f"; there is {', '.join(others[:3])}" if others else ""
    raise _failed(recipe, f"it left no file {recipe.output}{there}", ())


def _failed(recipe: Recipe, fault: str, said: tuple[str, ...] | list[str]) -> CommandFailed:
    return CommandFailed(
        command=redacted(shlex.join(recipe.command)),
        sources=recipe.sources,
        fault=fault,
        said=tuple(map(redacted, said)),
    )


def _open_up(scratch: Path) -> None:
    """Let the folders be taken away that a command has made read-only."""
    for folder, below, _ in os.walk(scratch):
        for each in below:
            path = Path(folder, each)
            if not path.is_symlink():
                path.chmod(0o700)
