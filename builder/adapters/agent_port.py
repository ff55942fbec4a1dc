"""Speaks to an agent port: a ping, then as far as an agent comes that nobody knows.

Source: ``hudson.TcpSlaveAgentListener`` and remoting's ``JnlpProtocol4Handler``, held to the
recordings of a running Jenkins 2.346.3 and of a running Hudson 3.3.2.
"""

import json
import socket
import ssl
import time
from contextlib import closing

from builder.model.agents import AgentTalk, Handshake, Spoken
from builder.model.controller import Controller, Family
from builder.model.report import PortAnswer

PROBE = "jbuild-probe"
_ACK = b"\x00\x03ACK"
_BYE = b"\x00\x03BYE"
_MOST = 16 * 1024  # bytes of one answer
_FRAMES = 2  # headers, then the verdict
_WORDS_S = 5.0


class _Line:
    """One connection with an end to its patience, however slowly bytes come."""

    def __init__(self, connection: socket.socket, limit_s: float = _WORDS_S) -> None:
        self.connection = connection
        self._end = time.monotonic() + limit_s

    def send(self, content: bytes) -> None:
        self._wait()
        self.connection.sendall(content)

    def answer(self, words: bytes) -> Spoken:
        """Say words and read until the other side closes, has said too much, or takes too long."""
        got = b""
        try:
            self.send(words)
            while len(got) < _MOST and (more := self.connection.recv(_MOST - len(got))):
                got += more
                self._wait()
        except OSError as fault:
            return Spoken(answer=got, error=_plain(fault))
        return Spoken(answer=got)

    def exactly(self, size: int) -> bytes:
        """Read so many bytes; fewer where the other side closes."""
        got = b""
        while len(got) < size:
            self._wait()
            if not (more := self.connection.recv(size - len(got))):
                break
            got += more
        return got

    def frame(self) -> bytes:
        """Read two bytes of length and what they announce; nothing where it is closed."""
        return self.exactly(int.from_bytes(self.exactly(2), "big"))

    def upgrade(self) -> bytes:
        """Speak TLS from here on, whoever is there; give its certificate in DER."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the key itself is what is looked at
        self._wait()
        self.connection = secured = context.wrap_socket(self.connection)
        return secured.getpeercert(binary_form=True) or b""

    def _wait(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)


def ping(host: str, port: int, advertised: int, limit_s: float = _WORDS_S) -> PortAnswer:
    """Say ``Protocol:Ping`` and keep what comes back within ``limit_s``.

    Source: ``hudson.TcpSlaveAgentListener``; the controller waits for ten bytes before it
    answers, and closes after that.
    """
    try:
        with closing(socket.create_connection((host, port), timeout=limit_s)) as connection:
            said = _Line(connection, limit_s).answer(written("Protocol:Ping"))
    except OSError as fault:
        return PortAnswer(port=advertised, reached=False, error=_plain(fault))
    return PortAnswer(port=advertised, reached=True, answer=said.answer, error=said.error)


def talk(host: str, port: int, controller: Controller) -> AgentTalk:
    """Ask for the port's own page, for nonsense, and for a connection as an unknown agent."""
    shake = _jnlp4 if controller.family is Family.JENKINS else _jnlp2
    return AgentTalk(
        page=_page(host, port, controller),
        nonsense=_ask(host, port, written("Protocol:Nope")),
        handshake=shake(host, port),
    )


def written(words: str) -> bytes:
    """Write a text as Java does: two bytes of length, then the text."""
    content = words.encode()
    return len(content).to_bytes(2, "big") + content


def _page(host: str, port: int, controller: Controller) -> Spoken:
    if controller.family is not Family.JENKINS:
        return Spoken(error="this controller's agent port has no page")
    return _ask(host, port, b"GET / HTTP/1.0\r\n\r\n")


def _ask(host: str, port: int, words: bytes) -> Spoken:
    try:
        with closing(socket.create_connection((host, port), timeout=_WORDS_S)) as connection:
            return _Line(connection).answer(words)
    except OSError as fault:
        return Spoken(error=_plain(fault))


def _jnlp4(host: str, port: int) -> Handshake:
    """Go through greeting, TLS and headers; the verdict on an unknown name ends it."""
    name, greeting, key = "JNLP4-connect", b"", None
    frames: list[str] = []
    try:
        with closing(socket.create_connection((host, port), timeout=_WORDS_S)) as connection:
            line = _Line(connection)
            line.send(written(f"Protocol:{name}"))
            greeting = line.exactly(len(_ACK))
            if greeting == _ACK:
                line.send(_ACK)
                key = _public_key(line.upgrade())
                with closing(line.connection):
                    line.send(written(json.dumps({"Node-Name": PROBE, "Secret-Key": "00"})))
                    while len(frames) < _FRAMES and (frame := line.frame()):
                        frames.append(frame.decode(errors="replace"))
                    line.send(_BYE)
    except (OSError, ValueError) as fault:
        error = _plain(fault) if len(frames) < _FRAMES else None
        return Handshake(
            protocol=name, greeting=greeting, key=key, frames=tuple(frames), error=error
        )
    return Handshake(protocol=name, greeting=greeting, key=key, frames=tuple(frames))


def _jnlp2(host: str, port: int) -> Handshake:
    """Say who we are in the words of Hudson's agents; it answers in one line."""
    name = "JNLP2-connect"
    said = _ask(host, port, written(f"Protocol:{name}") + written(f"Node-Name={PROBE}\n"))
    return Handshake(protocol=name, greeting=said.answer, error=said.error)


def _public_key(certificate: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    key = load_der_x509_certificate(certificate).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _plain(fault: Exception) -> str:
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
