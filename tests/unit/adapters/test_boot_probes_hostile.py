"""Controllers that misbehave over HTTP: each is told, in bounded time and memory."""

import itertools
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from builder.adapters.agent_port import ping
from builder.adapters.boot_probes import Probes

HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def saying(parts: Iterable[bytes], pause_s: float = 0) -> Iterator[Probes]:
    """Give what asks such a server."""
    with listening(parts, pause_s) as port, Probes("127.0.0.1", port) as probes:
        yield probes


@contextmanager
def listening(parts: Iterable[bytes], pause_s: float = 0) -> Iterator[int]:
    """Listen on a port of loopback; say the parts to whoever comes first."""
    ended = threading.Event()

    def serve() -> None:
        with suppress(OSError), opened.accept()[0] as connection:
            connection.recv(4096)
            for part in parts:
                connection.sendall(part)
                if ended.wait(pause_s):
                    return

    with socket.create_server(("127.0.0.1", 0)) as opened:
        server = threading.Thread(target=serve)
        server.start()
        yield opened.getsockname()[1]
        ended.set()
    server.join(10)
    assert not server.is_alive()


def test_a_head_that_never_ends_is_given_up() -> None:
    begun = time.monotonic()
    drops = itertools.chain([HEAD], itertools.repeat(b"x"))
    with saying(drops, pause_s=0.05) as probes:
        answer = probes.ask("/", 0.5)
    assert (answer.status, answer.error) == (None, "no whole answer within 0.5 s")
    assert time.monotonic() < begun + 5


def test_of_an_endless_body_the_beginning_is_kept() -> None:
    with saying(itertools.chain([HEAD + b"\r\n"], itertools.repeat(b"x" * 65536))) as probes:
        answer = probes.ask("/", 5)
    assert (answer.status, len(answer.body)) == (200, 64 * 1024)


def test_a_redirect_to_itself_is_not_followed() -> None:
    with saying([b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"]) as probes:
        assert probes.ask("/", 5).status == 302


def test_a_body_that_is_no_utf_8_is_kept_as_it_is() -> None:
    with saying([HEAD + b"Content-Length: 2\r\n\r\n\xff\xfe"]) as probes:
        assert probes.ask("/", 5).body == b"\xff\xfe"


def test_an_agent_port_that_answers_drop_by_drop_is_given_up() -> None:
    begun = time.monotonic()
    with listening(itertools.repeat(b"x"), pause_s=0.05) as port:
        answer = ping("127.0.0.1", port, port, limit_s=0.5)
    assert answer.reached
    assert 1 < len(answer.answer) < 64
    assert time.monotonic() < begun + 5
