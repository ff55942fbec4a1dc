"""Image contexts as plain files that anybody may read, change or build.

Files of the store are copied, never linked: whoever changes a copy spoils no store. The kernel
copies, and shares the blocks where the file system can.

BuildKit takes a file for the one it had before where size and time are the same. So a text, whose
second may be fixed, gets a fraction of a second that follows from its bytes; layers drop it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.adapters import spans
from builder.adapters.faults import disk_faults
from builder.errors import ArchiveBroken, FolderTaken
from builder.model.build import ContextFile
from builder.model.digest import Digest

_LIST = ".jbuild-context"  # what was written, so that it is known again: size, time, name
_SECOND_NS = 1_000_000_000
_TITLE = "# Written by jbuild, which replaces this folder as long as nothing here is changed."


def write(folder: Path, files: tuple[ContextFile, ...]) -> None:
    """Write every file into an empty folder, with their modes and times.

    Raises:
        ArchiveBroken: a file of the context cannot be read.
        NoSpace: the disk is full, or may not be written to.
    """
    with disk_faults(folder):
        for file in files:
            path = folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if file.source is None:
                path.mkdir(exist_ok=True)
            else:
                _write_file(path, file.source, file.mode, file.time_s)
        for each in files:  # last, since what a folder holds changes its time
            if each.source is None:
                _finish(folder / each.name, each)


def replace(folder: Path, files: tuple[ContextFile, ...]) -> None:
    """Write the files beside ``folder``, then put it there.

    Raises:
        FolderTaken: ``folder`` holds what was not written here, or was changed since.
    """
    target = folder.resolve()
    with disk_faults(target):
        _require_ours(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as new, _beside(target) as old:
            write(new, files)
            (new / _LIST).write_text("\n".join((_TITLE, *_listed(new), "")), "ascii")
            new.chmod(0o755)
            if target.exists():
                target.replace(old)
            try:
                new.replace(target)
            except BaseException:
                if old.exists() and not target.exists():
                    old.replace(target)
                raise


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Lend an empty folder on the same disk; whatever is there afterwards goes."""
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _require_ours(folder: Path) -> None:
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise FolderTaken(path=folder, found="no folder but a file")
    found = _listed(folder)
    path = folder / _LIST
    known = path.read_text("ascii", "replace").splitlines()[1:] if path.is_file() else []
    if odd := set(found) ^ set(known):
        raise FolderTaken(path=folder, found=min(odd).split(" ", 2)[-1])


def _listed(folder: Path) -> list[str]:
    """Give a line for everything but folders: another size or time is another line."""
    found = (each for each in sorted(folder.rglob("*")) if each.is_symlink() or not each.is_dir())
    return [_line(each, folder) for each in found if each != folder / _LIST]


def _line(path: Path, folder: Path) -> str:
    facts = path.lstat()
    return f"{facts.st_size} {facts.st_mtime_ns} {path.relative_to(folder).as_posix()!a}"


def _write_file(path: Path, source: Path | bytes, mode: int, time_s: int) -> None:
    with path.open("xb") as out:
        spans.write((_piece(source),), out.fileno(), in_kernel=True)
        os.fchmod(out.fileno(), mode)
        time_ns = time_s * _SECOND_NS + _fraction_ns(source)
        os.utime(out.fileno(), ns=(time_ns, time_ns))


def _fraction_ns(source: Path | bytes) -> int:
    """Tell texts apart; the second of a file of the store follows from its digest already."""
    return int(Digest.of(source).hex[:16], 16) % _SECOND_NS if isinstance(source, bytes) else 0


def _piece(source: Path | bytes) -> spans.Piece:
    if isinstance(source, bytes):
        return source
    try:
        return spans.Span(path=source, start=0, length=source.stat().st_size)
    except OSError as fault:
        raise ArchiveBroken(path=source, fault=fault.strerror or str(fault)) from fault


def _finish(path: Path, file: ContextFile) -> None:
    path.chmod(file.mode)
    os.utime(path, (file.time_s, file.time_s))
