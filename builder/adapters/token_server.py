"""A token server of ours, which answers as it is told and keeps what it was sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from builder.kubesphere.token_review import answered, read
from builder.model.reviews import Review, Verdict

_BODY = 64 * 1024  # bytes; a review has about a hundred
_PATIENCE_S = 10.0  # with a client that says nothing
_POLL_S = 0.02


class TokenServer:
    """Listens until it is gone."""

    def __init__(self, host: str) -> None:
        self._lock = threading.Lock()
        self._verdict = Verdict.GOOD
        self._user = self._credential = ""
        self._received: list[Review] = []
        handler = type("Handler", (_Handler,), {"reviews": self})
        self._http = _Server((host, 0), handler)
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(_POLL_S,), name="token server", daemon=True
        )
        self._thread.start()

    def expect(self, verdict: Verdict, user: str, credential: str) -> None:
        """Say what comes next, and how it is answered; what came before is forgotten."""
        with self._lock:
            self._verdict, self._user, self._credential = verdict, user, credential
            self._received.clear()
        if verdict is Verdict.GONE:
            self.close()

    def received(self) -> tuple[Review, ...]:
        """Give what came since."""
        with self._lock:
            return tuple(self._received)

    def close(self) -> None:
        """Listen no more; a second time does nothing."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def review(self, asked: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        """Keep what came, and give the answer to it."""
        headers = {name.lower(): value for name, value in asked.headers.items()}
        with self._lock:
            came = read(asked.command, asked.path, headers, body, self._credential)
            self._received.append(came)
            return answered(self._verdict, self._user)


@contextmanager
def token_server(host: str) -> Iterator[TokenServer]:
    """Serve on an address of this machine; afterwards the port is shut.

    Raises:
        OSError: the address is none of this machine's.
    """
    server = TokenServer(host)
    try:
        yield server
    finally:
        server.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_S
    reviews: TokenServer

    def do_POST(self) -> None:
        """Answer a review."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > len(str(_BODY)) or int(length) > _BODY:
            self.close_connection = True
            self._answer(411 if not length.isdecimal() else 413, b"")
            return
        self._answer(*self.reviews.review(self, self.rfile.read(int(length))))

    def do_GET(self) -> None:
        """Keep what came all the same."""
        self._answer(*self.reviews.review(self, b""))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
