"""A company with a certificate authority of its own, and servers that show its certificates."""

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_BEGUN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_ENDED = dt.datetime(2120, 1, 1, tzinfo=dt.UTC)
NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "  Example   Straße AG "),
        x509.NameAttribute(NameOID.COMMON_NAME, "Example ROOT"),
    ]
)


@dataclass(frozen=True, slots=True)
class Company:
    """A root with its key."""

    key: ec.EllipticCurvePrivateKey
    root: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return _key_pem(self.key)

    def server(self, address: str) -> bytes:
        """Give a key and a certificate for a server at an address."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        built = _builder(name, self.root.subject, key).add_extension(names, critical=False)
        signed = built.sign(self.key, hashes.SHA256())
        return _key_pem(key) + signed.public_bytes(Encoding.PEM)


def company(name: x509.Name = NAME) -> Company:
    key = ec.generate_private_key(ec.SECP256R1())
    authority = x509.BasicConstraints(ca=True, path_length=None)
    built = _builder(name, name, key).add_extension(authority, critical=True)
    return Company(key, built.sign(key, hashes.SHA256()))


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGUN)
        .not_valid_after(_ENDED)
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


class _Quiet(HTTPServer):
    def handle_error(self, *_words: object) -> None:
        """Say nothing of clients that do not trust us."""


@contextmanager
def serving(of: Company, address: str, folder: Path) -> Iterator[str]:
    """Serve ``hello`` by TLS at an address of this machine, and give its URL."""
    shown = folder / "server.pem"
    shown.write_bytes(of.server(address))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown)
    with _Quiet((address, 0), _Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"https://{address}:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
