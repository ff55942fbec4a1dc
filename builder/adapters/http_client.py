"""Speaks HTTP: asks, follows redirects, lends answers; faults are told in our own words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from builder.adapters import http_faults
from builder.adapters.http_faults import Fault
from builder.adapters.http_routes import Routes
from builder.settings import Network

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_REDIRECTS = 5
_CONNECT_S = 10.0
_REFUSED = 400


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
        self._routes = Routes(network)

    @property
    def connections(self) -> int:
        """Tell how many connections one host may have at a time."""
        return self._network.connections

    @property
    def rest_s(self) -> float:
        """Tell how long a server rests after its second fault in a row."""
        return self._network.rest_s

    def load(self) -> None:
        """Import what requests need, before many threads wait for one of them to do it."""
        import urllib3  # noqa: F401

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
        """Follow redirects; every host gets the credentials that are its own, and no others.

        Once a secure server has sent us on, plain http gets none: not all that answers to a
        host's name there is that host.
        """
        is_secure = False
        for _ in range(1 + _REDIRECTS):
            is_secure = is_secure or url.lower().startswith("https:")
            response = self._asked(url, headers, is_secure=is_secure)
            target = response.get_redirect_location()
            if not target:
                return response, url
            _let_go(response)
            url = _onward(url, target)
        raise Fault(said="redirects without end", again=False)

    def _asked(
        self, url: str, headers: Mapping[str, str], *, is_secure: bool
    ) -> "BaseHTTPResponse":
        from urllib3 import Timeout

        route = self._routes.to(url, is_secure=is_secure)
        silence_s = self._network.timeout_s
        return route.pool.request(
            "GET",
            url,
            headers={**route.headers, **headers},
            preload_content=False,
            redirect=False,
            retries=False,
            timeout=Timeout(connect=min(_CONNECT_S, silence_s), read=silence_s),
        )


def _onward(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as fault:
        raise Fault(said="redirects to no URL", again=False) from fault


def _let_go(response: "BaseHTTPResponse") -> None:
    """Give the connection back, unless the rest of a body would reach the next request."""
    if not response.closed:
        response.close()
    response.release_conn()
