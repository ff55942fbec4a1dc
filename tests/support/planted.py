"""Secrets with a mark in them, the servers that ask for them, and the search for what leaked."""

import base64
import gzip
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.loopback import serving
from tests.support.registry import PASSWORD

MARK = "Pl4nt3d5ecret"
"""A part of every secret, of letters and digits alone: quoting changes nothing about it."""

_PAUSE_S = 0.005
_OWN = b"builder\0"
_SMALL = 16 << 20  # bytes of a member of an archive


def forms(text: str) -> tuple[bytes, ...]:
    """Spell a text in the ways in which it may hide within other bytes.

    Base64 of what surrounds it has it in one of three alignments; the ends depend on neighbours.
    """
    plain = text.encode()
    packed = []
    for lead in range(3):
        spelled = base64.b64encode(bytes(lead) + plain).rstrip(b"=")
        packed.append(spelled[(lead * 4 + 2) // 3 : -1])
    return (plain, plain.hex().encode(), text.encode("utf-16-le"), *packed)


_NEEDLES = tuple(each for text in (MARK, PASSWORD) for each in forms(text))


def leaks(place: str, content: bytes) -> list[str]:
    """Tell of every secret in some bytes, with what stands around it."""
    found = ((content.find(each), each) for each in _NEEDLES)
    return [f"{place}: {content[max(at - 40, 0) : at + 60]!r}" for at, _ in found if at >= 0]


def leaks_below(folder: Path, *, but: tuple[Path, ...] = ()) -> list[str]:
    """Look through every file of a folder, also of those that are packed; and at their names.

    A file with several names was there before: it is a link into another store.
    """
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if path in but or path.stat().st_nlink > 1:
            continue
        content = path.read_bytes()
        found += leaks(str(path), str(path.relative_to(folder)).encode()) + leaks(
            str(path), content
        )
        if content.startswith(b"\x1f\x8b"):
            found += leaks(f"{path}, unpacked", gzip.decompress(content))
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
            for each in archive.infolist():
                if each.file_size < _SMALL:
                    found += leaks(f"{path}!{each.filename}", archive.read(each))
    return found


@dataclass
class Watch:
    """The command lines of all processes while it runs, but those that a person has typed."""

    seen: set[bytes] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Watch"]:
        """Watch while the block runs."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def _look(self) -> None:
        while not self._over.wait(_PAUSE_S):
            for each in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    self.seen.add(each.read_bytes())

    @property
    def leaks(self) -> list[str]:
        """Tell of the secrets in them."""
        others = (each for each in self.seen if _OWN not in each)
        return [leak for each in others for leak in leaks("process", each)]


@dataclass
class Closed:
    """A server on loopback whose files are for those who know the header."""

    files: Mapping[str, bytes]
    authorization: str
    url: str = ""
    let_in: set[str] = field(default_factory=set)  # paths

    @contextmanager
    def running(self) -> Iterator["Closed"]:
        """Serve while the block runs."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        server.closed = self  # type: ignore[attr-defined]  # the handler's
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        with serving(server):
            yield self


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        closed: Closed = self.server.closed  # type: ignore[attr-defined]  # set above
        path = self.path.partition("?")[0].removeprefix("/")
        if self.headers.get("Authorization") != closed.authorization:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
            content = b"who are you"
        elif path not in closed.files:
            self.send_response(404)
            content = b"no such file"
        else:
            closed.let_in.add(path)
            self.send_response(200)
            content = closed.files[path]
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815  # theirs

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def basic(user: str, password: str) -> str:
    """Spell a login as HTTP does."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
