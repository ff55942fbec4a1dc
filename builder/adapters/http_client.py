"""Speaks HTTP: pools, proxies, certificates, credentials, redirects; faults in our own words.

Proxies and ``netrc`` are those that requests knows. A token goes to the host it is named for and,
like every other credential, to no other host after a redirect.
"""

import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from builder.adapters import http_faults
from builder.adapters.http_faults import Fault
from builder.settings import Network

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

_REDIRECTS = 5
_CONNECT_S = 10.0
_SCHEMES = ("http", "https")
_REFUSED = 400
_HOSTS = 64  # whose connections are kept open


def bare(url: str) -> str:
    """Give a URL without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is no URL"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


class Client:
    """Opens URLs; safe to share between threads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._pools: dict[tuple[str | None, bool], PoolManager] = {}
        self._context: ssl.SSLContext | None = None
        self._making = threading.Lock()  # of a pool

    @property
    def connections(self) -> int:
        """Tell how many connections one host may have at a time."""
        return self._network.connections

    @property
    def rest_s(self) -> float:
        """Tell how long a server rests after its second fault in a row."""
        return self._network.rest_s

    @contextmanager
    def open(
        self, url: str, headers: Mapping[str, str]
    ) -> Iterator[tuple["BaseHTTPResponse", str]]:
        """Ask for a URL and lend the answer, its body unread, with the URL it came from at last.

        Raises:
            Fault: no answer, one of 400 or more, or a body that broke off.
        """
        with http_faults.worded():
            response, where = self._followed(url, headers)
            try:
                if response.status >= _REFUSED:
                    raise http_faults.refusal(response.status, response.headers)
                yield response, where
            finally:
                _let_go(response)

    def _followed(self, url: str, headers: Mapping[str, str]) -> tuple["BaseHTTPResponse", str]:
        """Follow redirects; every host gets the credentials that are its own, and no others."""
        for _ in range(1 + _REDIRECTS):
            response = self._asked(url, headers)
            target = response.get_redirect_location()
            if not target:
                return response, url
            _let_go(response)
            url = urljoin(url, target)
        raise Fault(said="redirects without end", again=False)

    def _asked(self, url: str, headers: Mapping[str, str]) -> "BaseHTTPResponse":
        from urllib3 import Timeout

        _require_plain(url)
        silence_s = self._network.timeout_s
        pool = self._pool(self._proxy(url), secure=url.startswith("https:"))
        return pool.request(
            "GET",
            url,
            headers={"User-Agent": "jbuild", **headers, **self._credentials(url)},
            preload_content=False,
            redirect=False,
            retries=False,
            timeout=Timeout(connect=min(_CONNECT_S, silence_s), read=silence_s),
        )

    def _pool(self, proxy: str | None, *, secure: bool) -> "PoolManager":
        import urllib3

        key = proxy, secure
        with self._making:
            if key not in self._pools:
                most, context = self._network.connections, self._verifying() if secure else None
                self._pools[key] = (
                    urllib3.ProxyManager(proxy, num_pools=_HOSTS, maxsize=most, ssl_context=context)
                    if proxy
                    else urllib3.PoolManager(num_pools=_HOSTS, maxsize=most, ssl_context=context)
                )
            return self._pools[key]

    def _verifying(self) -> ssl.SSLContext:
        """Trust what requests trusts, and the organisation's own authority beside it."""
        if self._context is None:
            import certifi

            told = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
            self._context = ssl.create_default_context(cafile=told or certifi.where())
            if self._network.ca:
                self._context.load_verify_locations(self._network.ca)
            if self._network.client_certificate:
                self._context.load_cert_chain(self._network.client_certificate)
        return self._context

    def _proxy(self, url: str) -> str | None:
        from urllib.request import getproxies

        if not getproxies():  # requests is slow to import, and needed for the rules alone
            return None
        from requests.utils import get_environ_proxies, select_proxy

        proxy = select_proxy(url, get_environ_proxies(url))
        return f"http://{proxy}" if proxy and "://" not in proxy else proxy

    def _credentials(self, url: str) -> dict[str, str]:
        host = urlsplit(url).netloc
        if token := self._network.token(host):
            return {"Authorization": f"Bearer {token}"}
        if not _has_netrc():
            return {}
        from requests.utils import get_netrc_auth
        from urllib3.util import make_headers

        found = get_netrc_auth(url)
        return dict(make_headers(basic_auth=":".join(found))) if found else {}


def _has_netrc() -> bool:
    names = (os.environ.get("NETRC"), "~/.netrc", "~/_netrc")
    return any(name and os.path.exists(os.path.expanduser(name)) for name in names)  # noqa: PTH110, PTH111  # a home that is none raises in pathlib


def _let_go(response: "BaseHTTPResponse") -> None:
    """Give the connection back, unless the rest of a body would reach the next request."""
    if not response.closed:
        response.close()
    response.release_conn()


def _require_plain(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in _SCHEMES and bool(parts.hostname)
    except ValueError:
        known = False
    if not known:
        raise Fault(said="it is no http or https URL", again=False)
    if "@" in parts.netloc:
        raise Fault(said="a user in a URL is not used: put it into ~/.netrc", again=False)
