"""Asks a booting controller over HTTP."""

import json
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

import requests
from msgspec import Struct
from requests.adapters import HTTPAdapter

from builder.adapters.http_routes import trusting
from builder.model.answer import Answer
from builder.settings import Login, Network

_BODY = 64 * 1024  # bytes
_KNOWN_BODY = 1024**2  # to who has logged in
_CRUMBS = "/crumbIssuer/api/json"
_GRACE_S = 0.2  # so that what gives up by itself says so in its own words


class Probes:
    """Asks one host, past every proxy that the environment names; as a user, or as nobody."""

    def __init__(
        self, host: str, port: int, account: Login | None = None, *, prefix: str = ""
    ) -> None:
        self._base = f"http://{host}:{port}{prefix}"
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy leads to a container
        self._most = _BODY
        if account:
            self._session.auth = (account.user, account.password)
            self._most = _KNOWN_BODY

    @classmethod
    def at(cls, url: str, network: Network, account: Login | None) -> Self:
        """Ask below a URL as other servers are asked: with proxies, netrc and own authorities."""
        parts = urlsplit(url)
        made = cls(parts.hostname or "", parts.port or 0, account)
        made._base = url.rstrip("/")
        made._session.trust_env = True
        made._session.mount("https://", _Trusting(network))
        return made

    def __enter__(self) -> Self:
        """Give itself; leaving closes its connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()

    def ask(self, path: str, timeout_s: float, *, most: int | None = None) -> Answer:
        """Ask one path without following redirects; a failure is an answer too.

        Whoever answers drop by drop is given up; that connection ends with its controller.
        """
        return self._within(_Question(path=path, most=most or self._most), timeout_s)

    def post(
        self, path: str, timeout_s: float, fields: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        """Post a form to a path, with the crumb that belongs to this session, if there are any.

        Source: the recorded endpoints of configuration-as-code 1.53: without a crumb 403.
        """
        crumb = {}
        try:
            said = json.loads(self.ask(_CRUMBS, timeout_s).body)
            crumb = {str(said["crumbRequestField"]): str(said["crumb"])}
        except (ValueError, TypeError, KeyError):
            pass  # none is asked for, or the answer to the post tells
        asked = _Question(path=path, most=self._most, method="POST", headers=crumb, fields=fields)
        return self._within(asked, timeout_s)

    def _within(self, asked: "_Question", timeout_s: float) -> Answer:
        answers: list[Answer] = []
        asking = threading.Thread(
            target=lambda: answers.append(self._ask(asked, timeout_s)), name="probe", daemon=True
        )
        asking.start()
        asking.join(timeout_s + _GRACE_S)
        late = Answer(path=asked.path, status=None, error=f"no whole answer within {timeout_s:g} s")
        return next(iter(answers), late)

    def _ask(self, asked: "_Question", timeout_s: float) -> Answer:
        try:
            with self._session.request(
                asked.method,
                self._base + asked.path,
                timeout=timeout_s,
                allow_redirects=False,
                stream=True,
                headers=asked.headers,
                data=asked.fields,
            ) as response:
                return Answer(
                    path=asked.path,
                    status=response.status_code,
                    headers=tuple(response.headers.items()),
                    body=_head(response, asked.most),
                )
        except requests.RequestException as fault:
            return Answer(path=asked.path, status=None, error=_plain(fault))


class _Question(Struct, frozen=True, kw_only=True):
    """One request."""

    path: str
    most: int  # bytes of the body
    method: str = "GET"
    headers: Mapping[str, str] = MappingProxyType({})
    fields: Mapping[str, str] = MappingProxyType({})


class _Trusting(HTTPAdapter):
    """Trusts the settings' authority beside the usual ones, and shows their certificate."""

    def __init__(self, network: Network) -> None:
        self._context = trusting(network)
        super().__init__()

    def init_poolmanager(self, *given: object, **named: object) -> None:
        """Give every connection what is trusted."""
        super().init_poolmanager(*given, ssl_context=self._context, **named)  # type: ignore[arg-type]  # theirs


def _head(response: requests.Response, most: int) -> bytes:
    body = b""
    for chunk in response.iter_content(_BODY):
        body += chunk
        if len(body) >= most:
            break
    return body[:most]


def _plain(fault: Exception) -> str:
    """Name the fault without the addresses of Python objects and of random ports."""
    cause: BaseException = fault
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return getattr(cause, "strerror", None) or type(cause).__name__
