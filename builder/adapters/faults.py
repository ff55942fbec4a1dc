"""What the operating system says of a disk, in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.errors import NoSpace


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn a disk that is full, forbidden or not what it should be into ``NoSpace``.

    What a connection says while its bytes are being written down is none of a disk's business.
    """
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise
    except OSError as fault:
        raise NoSpace(path=path, said=fault.strerror or str(fault)) from fault
