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
    head = tarfile.TarInfo(f"{name}/" if source is None else name)
    head.type = tarfile.DIRTYPE if source is None else tarfile.REGTYPE
    head.mode, head.mtime, head.uid, head.gid = mode, time_s, owner.user, owner.group
    if isinstance(source, Path):
        yield from _from_disk(head, source)
        return
    content = source or b""
    head.size = len(content)
    yield _written(head)
    yield content + _padding(head.size)


def _from_disk(head: tarfile.TarInfo, path: Path) -> Iterator[bytes]:
    try:
        head.size = left = path.stat().st_size
        yield _written(head)
        with path.open("rb", buffering=0) as content:
            while left and (chunk := content.read(min(left, CHUNK))):
                left -= len(chunk)
                yield chunk
    except OSError as fault:
        raise ArchiveBroken(path=path, fault=fault.strerror or str(fault)) from fault
    if left:
        raise ArchiveBroken(path=path, fault="shrank while it was read")
    yield _padding(head.size)


def _written(head: tarfile.TarInfo) -> bytes:
    return head.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)
