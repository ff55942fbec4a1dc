"""Asks a booting controller: its HTTP paths, and its agent port."""

import socket
import threading
import time
from contextlib import closing
from typing import Self

import requests

from builder.model.report import Answer, PortAnswer

_BODY = 64 * 1024  # bytes
_PING = b"\x00\x0dProtocol:Ping"  # a length of two bytes, then the name, as Java writes it
_PORT_S = 5.0
_GRACE_S = 0.2  # so that what gives up by itself says so in its own words


class Probes:
    """Asks one host, past every proxy that the environment names."""

    def __init__(self, host: str, port: int) -> None:
        self._base = f"http://{host}:{port}"
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        """Give itself; leaving closes its connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()

    def ask(self, path: str, timeout_s: float) -> Answer:
        """Ask one path without following redirects; a failure is an answer too.

        Whoever answers drop by drop is given up; that connection ends with its controller.
        """
        answers: list[Answer] = []
        asking = threading.Thread(
            target=lambda: answers.append(self._ask(path, timeout_s)), name="probe", daemon=True
        )
        asking.start()
        asking.join(timeout_s + _GRACE_S)
        late = Answer(path=path, status=None, error=f"no whole answer within {timeout_s:g} s")
        return next(iter(answers), late)

    def _ask(self, path: str, timeout_s: float) -> Answer:
        try:
            with self._session.get(
                self._base + path, timeout=timeout_s, allow_redirects=False, stream=True
            ) as response:
                chunks = response.iter_content(_BODY)
                return Answer(
                    path=path,
                    status=response.status_code,
                    headers=tuple(response.headers.items()),
                    body=next(chunks, b"")[:_BODY],
                )
        except requests.RequestException as fault:
            return Answer(path=path, status=None, error=_plain(fault))


def ping(host: str, port: int, advertised: int, limit_s: float = _PORT_S) -> PortAnswer:
    """Say ``Protocol:Ping`` to an agent port and keep what comes back within ``limit_s``.

    Source: ``hudson.TcpSlaveAgentListener``; the controller waits for ten bytes before it
    answers, and closes after that.
    """
    try:
        with closing(socket.create_connection((host, port), timeout=limit_s)) as connection:
            return _said(connection, advertised, time.monotonic() + limit_s)
    except OSError as fault:
        return PortAnswer(port=advertised, reached=False, error=_plain(fault))


def _said(connection: socket.socket, advertised: int, end_s: float) -> PortAnswer:
    answer = b""
    try:
        connection.sendall(_PING)
        while len(answer) < _BODY and (more := connection.recv(1024)):
            answer += more
            if (left_s := end_s - time.monotonic()) <= 0:
                break
            connection.settimeout(left_s)
    except OSError as fault:
        return PortAnswer(port=advertised, reached=True, answer=answer, error=_plain(fault))
    return PortAnswer(port=advertised, reached=True, answer=answer)


def _plain(fault: Exception) -> str:
    """Name the fault without the addresses of Python objects and of random ports."""
    cause: BaseException = fault
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return getattr(cause, "strerror", None) or type(cause).__name__
