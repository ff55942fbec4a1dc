"""How one host is reached: pool, proxy, certificates, credentials.

Proxies and ``netrc`` are those that requests knows; the rest is in the settings. All of it stays
the same while a process lives, so it is worked out once a host.
"""

import os
import re
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from builder.adapters.http_faults import Fault
from builder.errors import SettingsError
from builder.settings import Network, token_variable

if TYPE_CHECKING:
    from urllib3 import PoolManager

_SCHEMES = ("http", "https")
_TOKEN = re.compile(r"[ -~]+")
_HOSTS = 64  # whose connections are kept open


class Route(Struct, frozen=True, kw_only=True):
    """What every request to a host needs."""

    pool: "PoolManager"
    headers: dict[str, str]

    def __repr__(self) -> str:
        """Keep what the headers carry out of logs and traces."""
        return f"{type(self).__name__}(pool={self.pool!r})"


class Routes:
    """Finds the way to a host; safe to share between threads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._routes: dict[tuple[str, str, bool], Route] = {}
        self._pools: dict[tuple[str | None, bool], PoolManager] = {}
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def to(self, url: str, *, is_secure: bool = False) -> Route:
        """Give the way to the host of a URL.

        Args:
            url: with the host.
            is_secure: credentials are for https alone.

        Raises:
            Fault: it is no URL that we follow, or its token would go there in clear.
        """
        parts = _split(url)
        key = parts.scheme, parts.netloc, is_secure
        with self._lock:
            if key not in self._routes:
                pool = self._pool(_proxy(url), secure=parts.scheme == "https")
                is_barred = is_secure and parts.scheme != "https"
                secret = {} if is_barred else _credentials(self._network, url, parts)
                self._routes[key] = Route(pool=pool, headers={"User-Agent": "jbuild", **secret})
            return self._routes[key]

    def _pool(self, proxy: str | None, *, secure: bool) -> "PoolManager":
        import urllib3

        key = proxy, secure
        if key not in self._pools:
            most, context = self._network.connections, self._verifying() if secure else None
            self._pools[key] = (
                urllib3.ProxyManager(proxy, num_pools=_HOSTS, maxsize=most, ssl_context=context)
                if proxy
                else urllib3.PoolManager(num_pools=_HOSTS, maxsize=most, ssl_context=context)
            )
        return self._pools[key]

    def _verifying(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = trusting(self._network)
        return self._context


def trusting(network: Network) -> ssl.SSLContext:
    """Trust what requests trusts, and the organisation's own authority beside it.

    Raises:
        SettingsError: a file of the settings is no PEM that can be read.
    """
    import certifi

    told = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    usual = told or certifi.where()
    context = ssl.create_default_context(
        cafile=usual if os.path.isfile(usual) else None,  # noqa: PTH113  # a variable's text
        capath=usual if os.path.isdir(usual) else None,  # noqa: PTH112
    )
    if network.ca:
        _use("ca", network.ca, context.load_verify_locations)
    if network.client_certificate:
        _use("client_certificate", network.client_certificate, context.load_cert_chain)
    return context


def _use(name: str, path: Path, load: Callable[[Path], None]) -> None:
    try:
        load(path)
    except (OSError, ssl.SSLError) as fault:
        raise _unfit(name, str(path), "settings", "a PEM file that can be read") from fault


def _unfit(name: str, value: str, origin: str, wanted: str) -> SettingsError:
    return SettingsError(name=name, value=value, origin=origin, wanted=wanted)


def _proxy(url: str) -> str | None:
    from urllib.request import getproxies

    if not getproxies():  # requests is slow to import, and needed for the rules alone
        return None
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url))
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _credentials(network: Network, url: str, parts: SplitResult) -> dict[str, str]:
    if token := network.token(parts.netloc):
        if not _TOKEN.fullmatch(token):
            name = token_variable(parts.netloc)
            raise _unfit(name, "a token (not shown)", f"variable {name}", "letters of ASCII alone")
        if parts.scheme != "https" and not _is_here(parts.hostname or ""):
            raise Fault(said="its token is not sent over plain http: use https", again=False)
        return {"Authorization": f"Bearer {token}"}
    if login := network.login(parts.netloc):
        return _basic(login.user, login.password)
    if not (path := _netrc()):
        return {}
    from requests.utils import get_netrc_auth

    try:
        found = get_netrc_auth(url)
    except UnicodeDecodeError as fault:
        origin = "NETRC, or the home folder"
        raise _unfit(name="netrc", value=path, origin=origin, wanted="text in UTF-8") from fault
    return _basic(*found) if found else {}


def _basic(user: str, password: str) -> dict[str, str]:
    """Spell a login in UTF-8, as curl does; urllib3 knows Latin letters only."""
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _netrc() -> str | None:
    names = filter(None, (os.environ.get("NETRC"), "~/.netrc", "~/_netrc"))
    paths = map(os.path.expanduser, names)  # a home that is none raises in pathlib
    return next(filter(os.path.exists, paths), None)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in _SCHEMES and bool(parts.hostname)
    except ValueError:
        known = False
    if not known:
        raise Fault(said="it is no http or https URL", again=False)
    if "@" in parts.netloc:
        raise Fault(said="a user in a URL is not used: put it into ~/.netrc", again=False)
    return parts
