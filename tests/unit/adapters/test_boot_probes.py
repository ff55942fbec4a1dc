"""Probes against a server on this machine's loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from builder.adapters.agent_port import ping
from builder.adapters.boot_probes import Probes
from builder.model.report import PortAnswer
from builder.settings import Login

heard: list[bytes] = []


@contextmanager
def server(answer: bytes) -> Iterator[int]:
    """Answer one connection and close it."""
    heard.clear()
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                heard.append(connection.recv(4096).splitlines()[0])
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def test_a_ping_brings_all_bytes_until_the_port_is_closed() -> None:
    with server(b"Unknown protocol:Protocol:Ping\n") as port:
        assert ping("127.0.0.1", port, 50000) == PortAnswer(
            port=50000, reached=True, answer=b"Unknown protocol:Protocol:Ping\n"
        )


def test_a_port_that_accepts_and_closes_was_reached_and_said_nothing() -> None:
    with server(b"") as port:
        seen = ping("127.0.0.1", port, 50000)
    assert (seen.reached, seen.answer) == (True, b"")


def test_a_closed_port_was_not_reached() -> None:
    seen = ping("127.0.0.1", free_port(), 50000)
    assert seen == PortAnswer(port=50000, reached=False, error="Connection refused")


def test_a_path_that_nobody_serves_is_an_answer_with_its_fault() -> None:
    with Probes("127.0.0.1", free_port()) as probes:
        answer = probes.ask("/", 1)
    assert (answer.path, answer.status, answer.error) == ("/", None, "Connection refused")


def test_a_prefix_is_asked_for_and_not_told() -> None:
    with (
        server(b"HTTP/1.1 204 X\r\n\r\n") as port,
        Probes("127.0.0.1", port, prefix="/ci") as probes,
    ):
        answer = probes.ask("/login", 5)
    assert (answer.path, answer.status, heard) == ("/login", 204, [b"GET /ci/login HTTP/1.1"])


def test_more_is_kept_of_what_is_said_to_who_has_logged_in() -> None:
    answer = b"HTTP/1.1 200 X\r\n\r\n" + b"x" * 200_000
    login = Login(host="", user="a", password="b")  # noqa: S106  # of nobody
    for account, size in ((None, 64 * 1024), (login, 200_000)):
        with server(answer) as port, Probes("127.0.0.1", port, account) as probes:
            assert len(probes.ask("/", 5).body) == size


def test_a_redirect_is_not_followed_and_headers_are_kept() -> None:
    said = (
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\nX-Jenkins: 2.346.3\r\nContent-Length: 2\r\n\r\nno"
    )
    with server(said) as port, Probes("127.0.0.1", port) as probes:
        answer = probes.ask("/login", 5)
    assert (answer.status, answer.header("x-jenkins"), answer.body) == (302, "2.346.3", b"no")


def test_no_proxy_of_the_environment_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with server(said) as port, Probes("127.0.0.1", port) as probes:
        assert probes.ask("/", 5).status == 200


def test_what_is_no_http_is_no_status() -> None:
    with server(b"SSH-2.0\r\n") as port, Probes("127.0.0.1", port) as probes:
        assert probes.ask("/", 5).status is None
