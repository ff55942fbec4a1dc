"""A folder that something is built from: which files count, their digest, a copy to build in."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from builder.adapters import commits
from builder.errors import Unreadable
from builder.model.digest import Digest

_LISTED = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")


def digest(folder: Path) -> Digest:
    """Stand for the names, modes and contents of the files that count.

    Raises:
        Unreadable: there is no such folder, or something in it cannot be read.
    """
    seen = hashlib.sha256()
    for path in _files(folder):
        kind, content = _content(folder / path)
        seen.update(f"{kind} {len(path)} {path} {content}\n".encode("utf-8", "surrogateescape"))
    return Digest.parse(seen.hexdigest())


def copy(folder: Path, target: Path, time_s: int) -> None:
    """Copy the files that count, each with the time ``time_s``."""
    target.mkdir()
    for path in _files(folder):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, target / path, follow_symlinks=False)
        if not (target / path).is_symlink():
            (target / path).chmod(0o755 if _is_program(folder / path) else 0o644)
    for each in (*target.rglob("*"), target):
        os.utime(each, (time_s, time_s), follow_symlinks=False)


def _files(folder: Path) -> list[str]:
    """List them by name: all, but for a repository of its own without what git ignores."""
    if not folder.is_dir():
        raise Unreadable(path=folder, fault="there is no such folder")
    if (folder / ".git").exists():
        return _unignored(folder)
    found: set[str] = set()
    for above, folders, names in os.walk(folder):
        links = [each for each in folders if Path(above, each).is_symlink()]
        found |= {str(Path(above, each).relative_to(folder)) for each in (*names, *links)}
    return sorted(found)


def _unignored(folder: Path) -> list[str]:
    """List what git knows or would take, as far as it is there; no submodules."""
    done = commits.git(folder, *_LISTED)
    if done.code:
        raise Unreadable(path=folder, fault="; ".join(done.lines[-1:]) or "git does not list it")
    names = set(filter(None, "\n".join(done.lines).split("\0")))
    paths = ((each, folder / each) for each in sorted(names))
    return [each for each, path in paths if path.is_symlink() or path.is_file()]


def _content(path: Path) -> tuple[str, str]:
    """Give the kind of a file as git's modes do, and its digest or where it points."""
    try:
        if path.is_symlink():
            return "120000", str(path.readlink())
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable(path=path, fault="it is neither a file nor a folder")
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise Unreadable(path=path, fault=fault.strerror or str(fault)) from fault
    return ("100755" if _is_program(path) else "100644"), content


def _is_program(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXUSR)
