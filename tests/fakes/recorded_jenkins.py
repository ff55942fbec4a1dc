"""A Jenkins on loopback that answers what a real 2.346.3 answered: its recordings, played back."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from tests.fakes.shared import DATA
from tests.support.loopback import serving

RECORDED = DATA / "jenkins-2.346.3"
EXPORT = "/configuration-as-code/export"
CRUMBS = "/crumbIssuer/api/json"
_HEAD = re.compile(
    r"^> (GET|POST) (/\S*)\n(?:> Authorization: Basic (\S+) \(.*\)\n)?\n", re.MULTILINE
)
_KEPT = {"content-type", "x-jenkins", "x-jenkins-session", "set-cookie"}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(kw_only=True)
class Player:
    """Answers by path, and by user and password; None: without any."""

    answers: dict[tuple[str, str | None], Recorded] = field(default_factory=dict)
    export: bytes = b""
    crumb: str = "0f3c"

    def take(self, *names: str) -> None:
        """Add what files of ``http/`` recorded; cut bodies as they are."""
        for name in names:
            text = (RECORDED / "http" / name).read_text()
            heads = list(_HEAD.finditer(text))
            ends = [each.start() for each in heads[1:]] + [len(text)]
            for head, end in zip(heads, ends, strict=True):
                self.answers[head[2], head[3]] = _recorded(text[head.end() : end])

    def tell(self, path: str, user: str | None, body: str) -> None:
        """Answer so, whatever was recorded."""
        self.answers[path, user] = Recorded(
            status=200, headers=(("Content-Type", "application/json"),), body=body.encode()
        )


def _recorded(text: str) -> Recorded:
    head, _, body = text.partition("\n\n")
    first, *lines = head.splitlines()
    pairs = [each.partition(": ") for each in lines]
    return Recorded(
        status=int(first.split()[1]),
        headers=tuple((name, value) for name, _, value in pairs if name.lower() in _KEPT),
        body=body.partition("\n####")[0].rstrip("\n").encode(),
    )


class _Handler(BaseHTTPRequestHandler):
    player: Player

    def do_GET(self) -> None:
        said = self.headers.get("Authorization")
        user = base64.b64decode(said.split()[1]).decode() if said else None
        self._answer(self.player.answers.get((unquote(self.path), user)))

    def do_POST(self) -> None:
        has_crumb = self.headers.get("Jenkins-Crumb") == self.player.crumb
        has_session = "JSESSIONID" in self.headers.get("Cookie", "")
        if not (has_crumb and has_session) or self.path != EXPORT:
            self._answer(Recorded(status=403, headers=(), body=b"No valid crumb"))
            return
        kind = (("Content-Type", "application/x-yaml; charset=utf-8"),)
        self._answer(Recorded(status=200, headers=kind, body=self.player.export))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, found: Recorded | None) -> None:
        found = found or Recorded(status=401, headers=(), body=b"")
        self.send_response(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        if self.path == CRUMBS:
            self.send_header("Set-Cookie", "JSESSIONID.1=node0; Path=/; HttpOnly")
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)


@contextmanager
def jenkins(player: Player) -> Iterator[int]:
    """Serve it; give the port."""
    handler = type("Handler", (_Handler,), {"player": player})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        yield server.server_address[1]


def plugin_lines(name: str) -> str:
    """Give the plugins that a boot's recording lists, as the plugin manager's document."""
    text = (RECORDED / "boot" / name).read_text()
    lines = re.findall(r'^  (\{"shortName".*\})$', text, re.MULTILINE)
    return f'{{"plugins": [{",".join(lines)}]}}'


def is_there() -> bool:
    """Say whether the recordings are on this machine."""
    return Path(RECORDED).is_dir()
