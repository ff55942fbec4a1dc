"""A real HTTP/1.1 server on loopback that can be told, file by file, to do all that mirrors do.

It counts what it serves. ``Mirror.fault`` makes rules; the last one that fits a request counts.
"""

import gzip
import hashlib
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from builder.model import mirror as model
from tests.support.faults import Fault, Rule, Served

_BLOCK = 64 * 1024  # bytes
_LAST_MODIFIED = "Sat, 22 Aug 2026 00:00:00 GMT"
_OTHER = bytes(each ^ 0x55 for each in range(256))
PAGE = b"<html><body>Please log in to this network</body></html>"


@dataclass
class Mirror:
    """One server; the fields below may be set at any time."""

    files: Mapping[str, bytes]
    name: str = "mirror"
    rate: int | None = None  # bytes a second and connection
    delay_s: float = 0.0  # before every answer
    retry_after: str | None = "0"  # with 429 and 503
    redirects: dict[str, str] = field(default_factory=dict)
    etags: bool = True
    zipped: bool = False  # sends gzip to those who take it
    log: list[Served] = field(default_factory=list)
    connections: int = 0
    most_connections: int = 0
    _rules: list[Rule] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _tags: dict[int, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _port: int = 0

    @property
    def url(self) -> str:
        """Give the root."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def model(self) -> model.Mirror:
        """Give it as the product knows it."""
        return model.Mirror(name=self.name, files=self.url, updates=f"{self.url}updates/")

    def fault(
        self,
        fault: Fault | None,
        pattern: str = "*",
        *,
        first: int | None = None,
        every: int | None = None,
    ) -> None:
        """Do wrong where the path fits: always, the first few times, or every so many requests."""

        def fits(number: int) -> bool:
            return (first is None or number <= first) and (every is None or number % every == 0)

        self._rules.append(Rule(pattern=pattern, fault=fault, fits=fits))

    def served(self, path: str) -> int:
        """Count the bytes of one file that went out."""
        with self._lock:
            return sum(each.sent for each in self.log if each.path == path)

    def fault_of(self, path: str) -> Fault | None:
        """Choose what to do wrong this time."""
        with self._lock:
            number = self._counts[path] = self._counts.get(path, 0) + 1
            whole = self._counts[""] = self._counts.get("", 0) + 1
        for rule in reversed(self._rules):
            if fnmatchcase(path, rule.pattern):
                return rule.fault if rule.fits(whole if rule.pattern == "*" else number) else None
        return None

    def tag(self, content: bytes) -> str:
        """Give the ETag of a file; every range of it asks."""
        if id(content) not in self._tags:
            self._tags[id(content)] = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        return self._tags[id(content)]

    def note(self, served: Served) -> None:
        """Keep it."""
        with self._lock:
            self.log.append(served)

    def connected(self, change: int) -> None:
        """Count connections."""
        with self._lock:
            self.connections += change
            self.most_connections = max(self.most_connections, self.connections)

    def wait(self, seconds: float) -> None:
        """Wait, or until the server closes."""
        self._over.wait(seconds)

    @contextmanager
    def running(self) -> Iterator["Mirror"]:
        """Serve while the block runs."""
        server = _Server(("127.0.0.1", 0), _Handler)
        server.mirror, self._port = self, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            server.shutdown()
            server.end_connections()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Knows its mirror, and ends what is still open."""

    daemon_threads = True
    request_queue_size = 256
    mirror: Mirror

    def __init__(self, *given: object) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*given)  # type: ignore[arg-type]  # passed on as it is

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Serve one connection."""
        assert isinstance(request, socket.socket)
        self._open.add(request)
        self.mirror.connected(1)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.mirror.connected(-1)
            self._open.discard(request)

    def end_connections(self) -> None:
        """Wake whoever waits for a client."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients go when they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    @property
    def mirror(self) -> Mirror:
        assert isinstance(self.server, _Server)
        return self.server.mirror

    def do_GET(self) -> None:
        path = unquote(self.path.partition("?")[0]).removeprefix("/")
        fault = self.mirror.fault_of(path)
        self.mirror.wait(self.mirror.delay_s)
        if fault is Fault.GONE:
            self.close_connection = True
        elif path in self.mirror.redirects:
            self._redirect(self.mirror.redirects[path])
        elif fault is Fault.LOOP:
            self._redirect(self.path)
        elif fault in {Fault.TOO_MANY, Fault.UNAVAILABLE}:
            given = self.mirror.retry_after
            self._plain(int(fault.value), b"", {"Retry-After": given} if given else {})
        elif fault is Fault.PAGE:
            self._plain(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})
        elif fault is Fault.NOT_FOUND or path not in self.mirror.files:
            self._plain(404, b"no such file", {})
        else:
            self._file(self.mirror.files[path], fault)

    def _file(self, content: bytes, fault: Fault | None) -> None:
        validators = {}
        if self.mirror.etags:
            tag = self.mirror.tag(content)
            validators = {"ETag": tag, "Last-Modified": _LAST_MODIFIED}
            same = {self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")}
            if tag in same or same == {None, _LAST_MODIFIED}:
                self._plain(304, b"", validators)
                return
        if fault in {Fault.WRONG_FILE, Fault.WRONG_BYTES}:
            content = content.translate(_OTHER)
        elif fault is Fault.TOO_FEW:
            content = content[: len(content) // 2]
        elif fault is Fault.TOO_MANY_BYTES:
            content += b"and more"
        if self.mirror.zipped and "gzip" in self.headers.get("Accept-Encoding", ""):
            self._plain(200, gzip.compress(content), {**validators, "Content-Encoding": "gzip"})
            return
        asked = _asked(self.headers.get("Range"), len(content))
        if asked is None or fault is Fault.NO_RANGE:
            self._send(200, content, (0, len(content)), fault, validators)
        else:
            self._part(content, asked, fault, validators)

    def _part(
        self,
        content: bytes,
        asked: tuple[int, int],
        fault: Fault | None,
        headers: Mapping[str, str],
    ) -> None:
        start, stop = asked
        if fault is Fault.SHORT_RANGE:
            stop = start + max((stop - start) // 2, 1)
        elif fault is Fault.WRONG_PLACE:
            start, stop = start + 1, min(stop + 1, len(content))
        told = {"Content-Range": f"bytes {start}-{stop - 1}/{len(content)}"}
        self._send(206, content, (start, stop), fault, {**headers, **told})

    def _send(
        self,
        status: int,
        content: bytes,
        span: tuple[int, int],
        fault: Fault | None,
        headers: Mapping[str, str],
    ) -> None:
        start, stop = span
        served = self._note(status, start, stop - start)
        self._head(status, stop - start, {"Accept-Ranges": "bytes", **headers})
        halved = fault in {Fault.STALL, Fault.DROP}
        end = start + (stop - start) // 2 if halved else stop
        self._stream(memoryview(content)[start:end], served)
        if fault is Fault.STALL:
            self.mirror.wait(600)
        self.close_connection = self.close_connection or halved

    def _stream(self, content: memoryview, served: Served) -> None:
        """Send the bytes, as slowly as the mirror is told to."""
        rate = self.mirror.rate
        block = _BLOCK if rate is None else max(min(_BLOCK, rate // 20), 1)
        for at in range(0, len(content), block):
            part = content[at : at + block]
            served.sent += len(part)
            self.wfile.write(part)
            if rate:
                self.mirror.wait(len(part) / rate)

    def _redirect(self, target: str) -> None:
        self._plain(302, b"", {"Location": target})

    def _plain(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._note(status, 0, len(body)).sent = len(body)
        self._head(status, len(body), headers)
        self.wfile.write(body)

    def _head(self, status: int, size: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def _note(self, status: int, start: int, size: int) -> Served:
        asked = {name.lower(): value for name, value in self.headers.items()}
        path = self.path.removeprefix("/")
        served = Served(path=path, status=status, start=start, size=size, headers=asked)
        self.mirror.note(served)
        return served


def _asked(header: str | None, size: int) -> tuple[int, int] | None:
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", header or "")
    if not match or int(match[1]) >= size:
        return None
    return int(match[1]), min(int(match[2]) + 1, size) if match[2] else size
