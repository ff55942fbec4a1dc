"""What the operating system says of a disk, in our own words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.errors import NoSpace

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn a full or forbidden disk below ``path`` into ``NoSpace``."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _NO_SPACE:
            raise NoSpace(path=path, said=fault.strerror or "") from fault
        raise
