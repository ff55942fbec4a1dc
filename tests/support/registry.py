"""A real registry on loopback, and a server in front of it that can be told to do wrong."""

import http.client
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.support.faults import Fault
from tests.support.loopback import serving

_CONFIG = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/blobs}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}", relativeurls: true}}
{auth}"""
_AUTH = "auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}\n"
USER, PASSWORD = "jbuild", "not-a-secret"
_HASH = "$2b$05$t0Xhf3wIeGcC3LYgTfE..e8/.wP/MlSKA9L17A6HsyvlZMVCTSa.C"  # of that password
_DEADLINE_S = 20
_STATUS = {Fault.UNAVAILABLE: 503, Fault.TOO_MANY: 429, Fault.NOT_FOUND: 404}


def need(*programs: str) -> None:
    """Skip the test where a program is absent that Debian's package of that name brings."""
    absent = [each for each in programs if shutil.which(each) is None]
    if absent:
        pytest.skip(f"apt-get install {' '.join(absent)}: not here")


@contextmanager
def running(folder: Path, *, closed: bool = False) -> Iterator[str]:
    """Serve from an empty folder; ``closed`` asks everybody for the password.

    Yields:
        The registry as references name it: ``127.0.0.1:5000``.
    """
    need("docker-registry", "skopeo")
    folder.mkdir(parents=True)
    port = _free_port()
    (folder / "htpasswd").write_text(f"{USER}:{_HASH}\n")
    auth = _AUTH.format(folder=folder) if closed else ""
    config = folder / "config.yml"
    config.write_text(_CONFIG.format(folder=folder, port=port, auth=auth))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            (shutil.which("docker-registry") or "", "serve", config),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait(process, port, folder / "log")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=_DEADLINE_S)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError(log.read_text())


def tags(registry: str, repository: str) -> dict[str, str]:
    """Give the digest of every tag of a repository, as the registry itself tells it."""
    found = {}
    try:
        with urlopen(f"http://{registry}/v2/{repository}/tags/list", timeout=5) as answer:
            names = re.findall(rb'"([^"]+)"', answer.read().partition(b'"tags":')[2])
    except URLError:
        return {}
    for name in map(bytes.decode, names):
        connection = http.client.HTTPConnection(registry, timeout=5)
        kinds = "oci.image.index.v1 oci.image.manifest.v1 docker.distribution.manifest.v2"
        accept = ", ".join(f"application/vnd.{each}+json" for each in kinds.split())
        connection.request("HEAD", f"/v2/{repository}/manifests/{name}", headers={"Accept": accept})
        found[name] = str(connection.getresponse().getheader("Docker-Content-Digest"))
        connection.close()
    return found


@dataclass
class Front:
    """A server before a registry; the rules may be set at any time."""

    behind: str
    address: str = ""
    log: list[tuple[str, str, int]] = field(default_factory=list)  # method, path, status; 0: none
    received: int = 0  # bytes of all bodies
    _rules: list[tuple[Fault, str, str, int]] = field(default_factory=list)
    _counts: dict[int, int] = field(default_factory=dict)

    def fault(
        self, fault: Fault, pattern: str = ".*", *, method: str = ".*", first: int = 1
    ) -> None:
        """Do wrong the first few times where method and path fit."""
        self._rules.append((fault, pattern, method, first))

    def fault_of(self, method: str, path: str) -> Fault | None:
        """Choose what to do wrong this time."""
        for number, (fault, pattern, verb, first) in enumerate(self._rules):
            if re.search(pattern, path) and re.fullmatch(verb, method):
                self._counts[number] = self._counts.get(number, 0) + 1
                if self._counts[number] <= first:
                    return fault
        return None

    @contextmanager
    def running(self) -> Iterator["Front"]:
        """Serve while the block runs."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        server.front = self  # type: ignore[attr-defined]  # the handler's
        self.address = f"127.0.0.1:{server.server_address[1]}"
        with serving(server):
            yield self


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, or does wrong."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def _pass_on(self) -> None:
        front: Front = self.server.front  # type: ignore[attr-defined]  # set above
        fault = front.fault_of(self.command, self.path)
        body = self._body()
        front.received += len(body)
        if fault in {Fault.GONE, Fault.DROP}:
            front.log.append((self.command, self.path, 0))
            self.close_connection = True
            return
        if fault:
            front.log.append((self.command, self.path, _STATUS[fault]))
            self._answer(_STATUS[fault], [("Content-Type", "text/plain")], b"not now")
            return
        connection = http.client.HTTPConnection(front.behind, timeout=_DEADLINE_S)
        headers = {
            name: ", ".join(self.headers.get_all(name, []))
            for name in self.headers
            if name != "Transfer-Encoding"
        }
        if body:
            headers["Content-Length"] = str(len(body))
        connection.request(self.command, self.path, body=body, headers=headers)
        answer = connection.getresponse()
        front.log.append((self.command, self.path, answer.status))
        self._answer(answer.status, answer.getheaders(), answer.read())
        connection.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = _pass_on  # noqa: N815  # theirs

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        left = {"transfer-encoding", "connection"}
        if self.command != "HEAD":
            left.add("content-length")
            headers = [*headers, ("X-Front", "1")]
        for name, value in headers:
            if name.lower() not in left:
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
