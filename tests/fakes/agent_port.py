"""An agent port that answers as the recorded Jenkins 2.346.3, or wrongly in one way."""

import datetime as dt
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

ACK = b"\x00\x03ACK"
COOKIE = '{"JnlpAgentProtocol.cookie":"b15a93708af55a67"}'
PAGE = """HTTP/1.0 200 OK\r
Content-Type: text/plain;charset=UTF-8\r
\r
Jenkins-Agent-Protocols: JNLP4-connect, Ping\r
Jenkins-Version: 2.346.3\r
Jenkins-Session: 3251d4a4\r
Client: 127.0.0.1\r
Server: 127.0.0.1\r
Remoting-Minimum-Version: 3.14\r
"""
MISSING = b"HTTP/1.0 404 Not Found\r\nContent-Type: text/plain;charset=UTF-8\r\n\r\nNot Found\r\n"


@dataclass(frozen=True)
class Identity:
    """A key and its certificate."""

    public: bytes  # SubjectPublicKeyInfo in DER
    context: ssl.SSLContext


@cache
def identity() -> Identity:
    """Make one, self-signed as a controller's."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fake")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(pem + signed.public_bytes(Encoding.PEM))
        context.load_cert_chain(file.name)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Identity(public=public, context=context)


@contextmanager
def agent_port(mode: str = "well") -> Iterator[int]:
    """Serve a port that behaves so: well, no ack, closes after ack, no verdict, welcomes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=_serve, args=(listening, mode), daemon=True).start()
        yield listening.getsockname()[1]


def _serve(listening: socket.socket, mode: str) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            connection.settimeout(10)
            _answer(connection, mode)


def _answer(connection: socket.socket, mode: str) -> None:
    first = _exactly(connection, 10)
    if first.startswith(b"GET "):
        while not first.endswith(b"\r\n\r\n") and (more := connection.recv(1024)):
            first += more
        connection.sendall(PAGE.encode() if first.startswith(b"GET / ") else MISSING)
    elif len(first) == 10:
        size = int.from_bytes(first[:2], "big")
        words = (first[2:] + _exactly(connection, size - 8)).decode()
        kind, _, name = words.partition(":")
        if kind != "Protocol":
            connection.sendall(f"Unrecognized protocol: {words}\n".encode())
        elif name == "Ping":
            connection.sendall(b"Ping\n")
        elif name == "JNLP4-connect":
            _connect(connection, mode)
        else:
            connection.sendall(b"Unknown protocol:\n")


def _connect(connection: socket.socket, mode: str) -> None:
    if mode == "no ack":
        connection.sendall(b"Disabled protocol:JNLP4-connect\n")
        return
    connection.sendall(ACK)
    if _exactly(connection, len(ACK)) != ACK or mode == "closes after ack":
        return
    with identity().context.wrap_socket(connection, server_side=True) as secured:
        _frame(secured, COOKIE)
        headers = _exactly(secured, int.from_bytes(_exactly(secured, 2), "big"))
        if mode == "no verdict" or b"Node-Name" not in headers:
            return
        _frame(secured, "OK" if mode == "welcomes" else "ERROR: Unknown client name: jbuild-probe")
        _exactly(secured, 5)


def _frame(connection: socket.socket, text: str) -> None:
    connection.sendall(len(text).to_bytes(2, "big") + text.encode())


def _exactly(connection: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (more := connection.recv(size - len(got))):
        got += more
    return got
