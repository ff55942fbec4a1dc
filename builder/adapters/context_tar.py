"""An image context as the bytes of a tar: the same context, the same bytes.

Files are read as the engine takes them, a chunk at a time; none is held in memory.
"""

from collections.abc import Iterator

from builder.adapters import tar_stream
from builder.image import listed
from builder.image.rootfs import Owner
from builder.model.build import ImageContext


def chunks(context: ImageContext) -> Iterator[bytes]:
    """Yield the tar: the Dockerfile, then the files in their order, all owned by 0:0.

    Raises:
        ArchiveBroken: while being consumed; a file cannot be read, or changes meanwhile.
    """
    for file in listed(context):
        yield from tar_stream.entry(
            str(file.name), file.source, mode=file.mode, time_s=file.time_s, owner=Owner()
        )
    yield tar_stream.END
