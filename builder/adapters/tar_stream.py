"""One entry of a tar as a stream of bytes; a file of the disk is read a chunk at a time."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

from builder.errors import ArchiveBroken
from builder.image.rootfs import Owner

CHUNK = 1 << 20  # bytes
END = bytes(2 * tarfile.BLOCKSIZE)
"""What stands after the last entry."""


def entry(
    name: str, source: Path | bytes | None, *, mode: int, time_s: int, owner: Owner
) -> Iterator[bytes]:
    """Yield header, content and padding; a folder where ``source`` is None.

    Raises:
        ArchiveBroken: while being consumed; the file cannot be read, or changes meanwhile.
    """
    info = tarfile.TarInfo(f"{name}/" if source is None else name)
    info.type = tarfile.DIRTYPE if source is None else tarfile.REGTYPE
    info.mode, info.mtime, info.uid, info.gid = mode, time_s, owner.user, owner.group
    if isinstance(source, Path):
        yield from _from_disk(info, source)
        return
    content = source or b""
    info.size = len(content)
    yield _written(info)
    yield content + _padding(info.size)


def _from_disk(info: tarfile.TarInfo, path: Path) -> Iterator[bytes]:
    try:
        info.size = left = path.stat().st_size
        yield _written(info)
        with path.open("rb", buffering=0) as content:
            while left and (chunk := content.read(min(left, CHUNK))):
                left -= len(chunk)
                yield chunk
    except OSError as fault:
        raise ArchiveBroken(path=path, fault=fault.strerror or str(fault)) from fault
    if left:
        raise ArchiveBroken(path=path, fault="shrank while it was read")
    yield _padding(info.size)


def head(name: str, size: int, *, mode: int, time_s: int, owner: Owner) -> bytes:
    """Give the header of a plain file; its content and padding follow."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, mode, time_s
    entry.uid, entry.gid = owner.user, owner.group
    return _written(entry)


def _written(info: tarfile.TarInfo) -> bytes:
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)
