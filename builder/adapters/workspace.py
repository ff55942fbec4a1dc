"""``Workspace``: the user's own files; results are replaced whole, and only when they differ."""

import os
from pathlib import Path, PurePosixPath

from builder.adapters.faults import disk_faults
from builder.errors import OutsideFolder, Unreadable
from builder.model.build import ContextFile
from builder.model.formula import InputFile


class FolderWorkspace:
    """The real ``Workspace``."""

    def read_text(self, path: Path) -> str | None:
        """Read a UTF-8 file; bytes that are not UTF-8 become U+FFFD, which parsers refuse."""
        try:
            return path.read_text("utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as fault:
            raise Unreadable(path=path, fault=fault.strerror or str(fault)) from fault

    def read_bytes(self, path: Path, *, limit: int) -> bytes | None:
        """Read a plain file of a sensible size."""
        try:
            if not path.is_file():
                if path.exists():
                    raise Unreadable(path=path, fault="it is no plain file")
                return None
            with path.open("rb") as file:
                content = file.read(limit + 1)
        except OSError as fault:
            raise Unreadable(path=path, fault=fault.strerror or str(fault)) from fault
        if len(content) > limit:
            raise Unreadable(path=path, fault=f"it has more than {limit} bytes")
        return content

    def read_inputs(self, folder: Path, wanted: tuple[PurePosixPath, ...]) -> tuple[InputFile, ...]:
        """Read files and folders below ``folder``, by path."""
        root = folder.resolve()
        found = {path for each in wanted for path in _files_below(folder / each)}
        inputs = [_read(path, folder, root) for path in found]
        return tuple(sorted(inputs, key=lambda each: each.path))

    def write(self, path: Path, content: bytes) -> None:
        """Write beside the target, then rename over it; a link stays one."""
        import tempfile  # slow, and who only reads needs it not

        path = path.resolve()
        with disk_faults(path):
            if path.is_file() and path.read_bytes() == content:
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            partial = Path(name)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(content)
                partial.chmod(0o644)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)

    def write_folder(self, folder: Path, files: tuple[ContextFile, ...]) -> None:
        """Write beside the target, then rename over it."""
        from builder.adapters import context_folder  # slow, and few commands write one

        context_folder.replace(folder, files)


def _files_below(path: Path) -> tuple[Path, ...]:
    try:
        if path.is_file():
            return (path,)
        found = tuple(path.rglob("*"))
    except OSError as fault:  # such as a name that no file may have
        raise Unreadable(path=path, fault=fault.strerror or str(fault)) from fault
    odd = next((e for e in found if not e.is_file() and (e.is_symlink() or not e.is_dir())), None)
    if odd:
        raise Unreadable(
            path=odd, fault="neither a file nor a folder; links to folders are not followed"
        )
    return tuple(each for each in found if each.is_file())


def _read(path: Path, folder: Path, root: Path) -> InputFile:
    relative = PurePosixPath(path.relative_to(folder).as_posix())
    if not path.resolve().is_relative_to(root):
        raise OutsideFolder(path=relative)
    try:
        str(relative).encode()
        return InputFile(path=relative, content=path.read_bytes())
    except UnicodeEncodeError as fault:
        raise Unreadable(path=path, fault="its name is not UTF-8") from fault
    except OSError as fault:
        raise Unreadable(path=path, fault=fault.strerror or str(fault)) from fault
