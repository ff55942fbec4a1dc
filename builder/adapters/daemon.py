"""Where the container engine is, whether anybody is in, and what its library meant to say."""

import os
import socket
from contextlib import closing

from builder.errors import EngineUnreachable

_LOCAL = "unix:///var/run/docker.sock"
_PATIENCE_S = 60


def address_of(named: str | None) -> str:
    """Give the engine's address: the named one, else ``DOCKER_HOST``, else the local one."""
    return named or os.environ.get("DOCKER_HOST") or _LOCAL


def knock(address: str) -> None:
    """Try a unix socket first: the SDK words its faults badly and leaks the socket.

    Raises:
        EngineUnreachable: nobody listens, or we may not speak to it.
    """
    scheme, _, path = address.partition("://")
    if scheme != "unix":
        return
    with closing(socket.socket(socket.AF_UNIX)) as door:
        door.settimeout(_PATIENCE_S)
        try:
            door.connect(path)
        except OSError as fault:
            said = fault.strerror or str(fault)
            raise EngineUnreachable(address=address, said=said) from fault


def cause(fault: BaseException) -> str:
    """Dig out what the system said; the SDK wraps it four times over."""
    deepest: BaseException = fault
    while (below := deepest.__cause__ or deepest.__context__) is not None:
        deepest = below
    told = deepest.strerror if isinstance(deepest, OSError) else None
    return told or str(deepest) or type(deepest).__name__
