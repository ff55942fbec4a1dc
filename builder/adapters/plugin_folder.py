"""``PluginFolders`` on this machine's disk: files are made beside, then renamed, all or none."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from builder.adapters.faults import disk_faults
from builder.adapters.measure import Measure
from builder.errors import Unreadable
from builder.model.folder import Placed
from builder.model.stored import StoredFile
from builder.ports.plugin_folders import SUFFIX

_SUFFIXES = (SUFFIX, ".hpi")  # of two files with one plugin a controller takes the first
_MODE = 0o644
_BESIDE = ".jbuild-"
_DAY_S = 24 * 60 * 60


class DiskPluginFolders:
    """The real ``PluginFolders``."""

    def archives(self, folder: Path) -> tuple[StoredFile, ...]:
        """Read every archive once."""
        try:
            found = [e for e in folder.iterdir() if e.suffix in _SUFFIXES and e.is_file()]
            ordered = sorted(found, key=lambda e: (_SUFFIXES.index(e.suffix), e.stem))
            return tuple(_measured(each) for each in ordered)
        except FileNotFoundError:
            return ()
        except OSError as fault:
            raise Unreadable(path=folder, fault=fault.strerror or str(fault)) from fault

    def place(self, folder: Path, files: tuple[Placed, ...], *, clean: bool) -> None:
        """Copy all files first; from then on nothing is left to do but renaming."""
        with disk_faults(folder):
            made = not folder.exists()
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            beside = Path(tempfile.mkdtemp(dir=folder, prefix=_BESIDE))
            moves = _Moves(beside)
            try:
                ready = [(each, _copied(each, beside)) for each in files]
                if clean:
                    moves.clear(folder)
                for each, path in ready:
                    moves.replace(folder, each, path)
            except BaseException:  # an interrupt, too, leaves the folder as it was
                moves.undo()
                shutil.rmtree(beside, ignore_errors=True)
                if made:
                    _drop(folder)
                raise
            shutil.rmtree(beside, ignore_errors=True)


class _Moves:
    """Renames that can be taken back."""

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        self._old = beside / "old"
        self._done: list[tuple[Path, Path]] = []

    def clear(self, folder: Path) -> None:
        """Take everything out of a folder."""
        for each in sorted(folder.iterdir()):
            if each != self._beside:
                self._away(each)

    def replace(self, folder: Path, placed: Placed, path: Path) -> None:
        """Put one file in, and keep the one before it: one step back, as Jenkins has it."""
        target, backup = folder / f"{placed.plugin}{SUFFIX}", folder / f"{placed.plugin}.bak"
        names = dict.fromkeys((target.name, placed.replaces or target.name))
        there = [folder / name for name in names if os.path.lexists(folder / name)]
        kept = next((each for each in there if each.is_file()), None)
        if kept:
            if os.path.lexists(backup):
                self._away(backup)
            self._move(kept, backup)
        for each in there:
            if each != kept:
                self._away(each)
        self._move(path, target)

    def undo(self) -> None:
        """Put everything back, the last first."""
        for source, target in reversed(self._done):
            with suppress(OSError):
                target.rename(source)

    def _away(self, path: Path) -> None:
        self._old.mkdir(exist_ok=True)
        self._move(path, self._old / path.name)

    def _move(self, source: Path, target: Path) -> None:
        """Rename to a name that is free; noted before, since an interrupt may come between."""
        self._done.append((source, target))
        source.rename(target)


def _measured(path: Path) -> StoredFile:
    found = Measure.of(path).result()
    return StoredFile(digest=found.digest, size=found.size, crc32=found.crc32, path=path)


def _copied(placed: Placed, beside: Path) -> Path:
    path = beside / f"{placed.plugin}{SUFFIX}"
    shutil.copyfile(placed.file.path, path)
    path.chmod(_MODE)
    os.utime(path, (placed.file.digest.time_s, placed.file.digest.time_s))
    return path


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed have left behind for a day."""
    for each in folder.glob(f"{_BESIDE}*"):
        if each.stat().st_mtime < time.time() - _DAY_S:
            shutil.rmtree(each, ignore_errors=True)


def _drop(folder: Path) -> None:
    """Take a folder away that was made for nothing."""
    with suppress(OSError):
        folder.rmdir()
