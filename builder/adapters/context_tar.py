"""An image context as the bytes of a tar: the same context, the same bytes.

Files are read as the engine takes them, a chunk at a time; none is held in memory.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path

from builder.errors import ArchiveBroken
from builder.model.build import ContextFile, ImageContext

_CHUNK = 1 << 20  # bytes
_DOCKERFILE_TIME_S = 946_684_800  # 2000-01-01T00:00:00Z


def chunks(context: ImageContext) -> Iterator[bytes]:
    """Yield the tar: the Dockerfile, then the files in their order, all owned by 0:0.

    Raises:
        ArchiveBroken: while being consumed; a file cannot be read, or changes meanwhile.
    """
    dockerfile = context.dockerfile.encode()
    yield _header("Dockerfile", len(dockerfile), 0o644, _DOCKERFILE_TIME_S)
    yield _padded(dockerfile)
    for file in context.files:
        if file.source is None:
            yield _header(f"{file.name}/", 0, file.mode, file.time_s)
        elif isinstance(file.source, bytes):
            yield _header(str(file.name), len(file.source), file.mode, file.time_s)
            yield _padded(file.source)
        else:
            yield from _from_disk(file, file.source)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _from_disk(file: ContextFile, path: Path) -> Iterator[bytes]:
    try:
        size = path.stat().st_size
        yield _header(str(file.name), size, file.mode, file.time_s)
        left = size
        with path.open("rb") as content:
            while left and (chunk := content.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk
    except OSError as fault:
        raise ArchiveBroken(path=path, fault=fault.strerror or str(fault)) from fault
    if left:
        raise ArchiveBroken(path=path, fault="shrank while it was read")
    yield bytes(-size % tarfile.BLOCKSIZE)


def _header(name: str, size: int, mode: int, time_s: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
    entry.size, entry.mode, entry.mtime = size, mode, time_s
    return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % tarfile.BLOCKSIZE)
