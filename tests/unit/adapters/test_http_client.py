"""Credentials, proxies and certificates: what a host is told, and what no other host is."""

import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from builder.adapters.http_client import Client
from builder.adapters.http_faults import Fault
from builder.adapters.http_routes import Routes
from builder.errors import SettingsError
from builder.settings import Login, Network, merge, token_variable
from tests.support.mirror import Mirror

_FILES = {"a": b"content", "b": b"other"}


@pytest.fixture(autouse=True)
def _nobodys_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NETRC", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def mirrors() -> Iterator[tuple[Mirror, Mirror]]:
    with Mirror(_FILES).running() as one, Mirror(_FILES).running() as two:
        yield one, two


def _read(client: Client, url: str) -> bytes:
    with client.open(url, {}) as (response, _):
        return response.read()


def _host(mirror: Mirror) -> str:
    return mirror.url.removeprefix("http://").removesuffix("/")


def _network(mirror: Mirror, token: str) -> Network:
    name = f"JBUILD_TOKEN_{_host(mirror).replace('.', '_').replace(':', '_')}"
    environment = {name: token}
    return merge(
        defaults={"store": "/x"}, file=("settings.toml", {}), environment=environment, options={}
    ).network


def test_a_token_goes_to_its_host_and_to_no_other(mirrors: tuple[Mirror, Mirror]) -> None:
    one, two = mirrors
    client = Client(_network(one, "t0ken"))
    for each in mirrors:
        assert _read(client, f"{each.url}a") == b"content"
    assert one.log[0].headers["authorization"] == "Bearer t0ken"
    assert "authorization" not in two.log[0].headers


def test_a_token_stays_behind_when_a_server_sends_us_on(mirrors: tuple[Mirror, Mirror]) -> None:
    one, two = mirrors
    one.redirects["a"] = f"{two.url}b"
    assert _read(Client(_network(one, "t0ken")), f"{one.url}a") == b"other"
    assert "authorization" in one.log[0].headers
    assert "authorization" not in two.log[0].headers


def test_a_token_shows_in_no_text() -> None:
    network = Network(
        tokens=(("JBUILD_TOKEN_A", "s3cret"),),
        logins=(Login(host="a", user="u", password="s3cret"),),  # noqa: S106  # none
    )
    assert "s3cret" not in repr(network)


def test_a_login_is_sent_as_everybody_does(mirrors: tuple[Mirror, Mirror]) -> None:
    one, _ = mirrors
    login = Login(host="127.0.0.1", user="me", password="pw")  # noqa: S106  # none
    _read(Client(Network(logins=(login,))), f"{one.url}a")
    assert one.log[0].headers["authorization"] == "Basic bWU6cHc="


def test_netrc_is_read(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    one, _ = mirrors
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password pw\n")
    (tmp_path / ".netrc").chmod(0o600)
    _read(Client(Network()), f"{one.url}a")
    assert one.log[0].headers["authorization"] == "Basic bWU6cHc="


def test_a_proxy_is_asked_in_the_place_of_a_host(
    mirrors: tuple[Mirror, Mirror], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, direct = mirrors
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "127.0.0.0/8")
    client = Client(Network())
    with pytest.raises(Fault):
        _read(client, "http://mirror.invalid/a")
    _read(client, f"{direct.url}a")
    assert [each.path for each in proxy.log] == ["http://mirror.invalid/a"]
    assert [each.path for each in direct.log] == ["a"]


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        target = self.path.partition("?")[2]
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _certificate(folder: Path) -> Path:
    """Make one for 127.0.0.1 that signs itself, its key behind it."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "own.pem").write_bytes(made.public_bytes(pem) + private)
    return folder / "own.pem"


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve with a certificate that nobody trusts, and ask clients for the same."""
    own = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.load_verify_locations(own)
    context.verify_mode = ssl.CERT_REQUIRED
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # refused handshakes
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/", own
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_own_authority_and_a_client_certificate_open_a_private_mirror(
    secure: tuple[str, Path],
) -> None:
    url, own = secure
    assert _read(Client(Network(ca=own, client_certificate=own)), url) == b"hello"


def test_what_a_secure_server_sends_on_to_plain_http_goes_without_credentials(
    secure: tuple[str, Path], mirrors: tuple[Mirror, Mirror], tmp_path: Path
) -> None:
    (url, own), (one, two) = secure, mirrors
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password pw\n")
    (tmp_path / ".netrc").chmod(0o600)
    one.redirects["on"] = f"{two.url}b"
    for known in (Network(), _network(one, "t0ken")):
        client = Client(replace(known, ca=own, client_certificate=own))
        assert _read(client, f"{url}?{one.url}a") == b"content"
        assert _read(client, f"{url}?{one.url}on") == b"other"
        assert _read(client, f"{one.url}b") == b"other"
        assert "authorization" in one.log.pop().headers
    assert [each for each in (*one.log, *two.log) if "authorization" in each.headers] == []


@pytest.mark.parametrize("host", ["mirror.example", "10.0.0.1", "localhost.example"])
def test_a_token_is_not_sent_in_clear(host: str) -> None:
    routes = Routes(Network(tokens=((token_variable(host), "t0ken"),)))
    with pytest.raises(Fault, match="plain http"):
        routes.to(f"http://{host}/a")
    assert routes.to(f"https://{host}/a").headers["Authorization"] == "Bearer t0ken"


def test_a_token_that_no_header_may_hold_is_refused_and_not_shown() -> None:
    for token in ("t0kén", "t0ken\nX: y"):
        with pytest.raises(SettingsError) as caught:
            Routes(Network(tokens=(("JBUILD_TOKEN_A", token),))).to("https://a/")
        assert caught.value.name == "JBUILD_TOKEN_A"
        assert "t0k" not in str(vars(caught.value))


def test_a_netrc_that_is_no_text_is_a_setting_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_bytes(b"\xff\xfe machine")
    with pytest.raises(SettingsError) as caught:
        Routes(Network()).to("https://a/")
    assert (caught.value.name, caught.value.value) == ("netrc", str(tmp_path / ".netrc"))


def test_a_password_may_be_of_any_letters() -> None:
    login = Login(host="a", user="me", password="πα")  # noqa: S106  # none
    sent = Routes(Network(logins=(login,))).to("https://a/").headers["Authorization"]
    assert b64decode(sent.removeprefix("Basic ")).decode() == "me:πα"


def test_a_redirect_to_what_is_no_url_is_a_fault_of_the_server(
    mirrors: tuple[Mirror, Mirror],
) -> None:
    one, _ = mirrors
    one.redirects["a"] = "http://[bad/"
    with pytest.raises(Fault) as caught:
        _read(Client(Network()), f"{one.url}a")
    assert (caught.value.said, caught.value.again) == ("redirects to no URL", False)


def test_a_certificate_that_nobody_vouches_for_is_told_and_not_tried_again(
    secure: tuple[str, Path],
) -> None:
    url, _ = secure
    with pytest.raises(Fault) as caught:
        _read(Client(Network()), url)
    assert caught.value.said == "TLS failed: self-signed certificate"
    assert not caught.value.again


def test_a_certificate_that_cannot_be_read_is_a_setting_that_cannot_be_used(
    secure: tuple[str, Path], tmp_path: Path
) -> None:
    url, _ = secure
    with pytest.raises(SettingsError) as caught:
        _read(Client(Network(ca=tmp_path / "none.pem")), url)
    assert caught.value.name == "ca"
