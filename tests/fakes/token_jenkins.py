"""A controller on loopback that logs in as kubesphere-token-auth 1.7 does, by its recordings."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from tests.support.loopback import serving


@dataclass(kw_only=True)
class Plugin:
    """What the controller has, and how it may be spoilt."""

    server: str  # such as ``http://127.0.0.1:9090``
    passwords: dict[str, str]  # by user; the realm
    is_enabled: bool = True
    path: str = "/oauth/authenticate"
    sends: str = "token"  # key of the spec
    trusts_all: bool = False
    needs_server: bool = False  # passwords are refused while it does not answer well


def _status(plugin: Plugin, user: str, credential: str) -> int:
    """Give the status of a Basic log-in, in the order in which the authenticators are asked."""
    said = _reviewed(plugin, credential) if plugin.is_enabled else (0, b"")
    if plugin.trusts_all and said[0]:
        return 200
    if said[0] == 200:
        try:
            status = json.loads(said[1]).get("status")
            if status and status["authenticated"] and status["user"]["username"] == user:
                return 200 if user in plugin.passwords else 500
        except (ValueError, KeyError):
            return 500
    if plugin.needs_server and said[0] != 200:
        return 401
    return 200 if plugin.passwords.get(user) == credential else 401


def _reviewed(plugin: Plugin, credential: str) -> tuple[int, bytes]:
    """Ask the token server; 0: it is not there."""
    review = {
        "apiVersion": "authentication.k8s.io/v1beta1",
        "kind": "TokenReview",
        "spec": {plugin.sends: credential},
    }
    try:
        said = requests.post(plugin.server.rstrip("/") + plugin.path, json=review, timeout=10)
    except requests.ConnectionError:
        return 0, b""
    return said.status_code, said.content


class _Handler(BaseHTTPRequestHandler):
    plugin: Plugin

    def do_GET(self) -> None:
        said = self.headers.get("Authorization")
        user, status = "anonymous", 200
        if said:
            user, _, credential = base64.b64decode(said.split()[1]).decode().partition(":")
            status = _status(self.plugin, user, credential)
        name = {"name": user, "authenticated": True, "anonymous": not said}
        body = json.dumps(name).encode() if status == 200 else b"<html>no</html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def token_jenkins(plugin: Plugin) -> Iterator[int]:
    """Serve it; give the port."""
    handler = type("Handler", (_Handler,), {"plugin": plugin})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        yield server.server_address[1]
