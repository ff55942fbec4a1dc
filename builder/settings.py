"""``Settings``: how this machine works, out of options, environment and file; pure.

Precedence: option, ``JBUILD_*`` variable, settings file, default. No setting changes what an
image is.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from builder.errors import SettingsError

_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Setting(Struct, frozen=True, kw_only=True):
    """One value and where it comes from."""

    name: str
    value: str
    origin: str  # ``default``, ``file PATH``, ``variable NAME`` or ``option``
    about: str


class Login(Struct, frozen=True, kw_only=True):
    """A user and a password for one host."""

    host: str  # ``mirror.example.org``, any port of it, or ``mirror.example.org:8443``
    user: str
    password: str

    def __repr__(self) -> str:
        """Keep the password out of logs and traces."""
        return f"{type(self).__name__}(host={self.host!r}, user={self.user!r})"


class Network(Struct, frozen=True, kw_only=True):
    """How servers are reached."""

    connections: int = 16  # at most, a host
    timeout_s: float = 30.0  # of silence
    rest_s: float = 0.25  # after the second fault in a row, doubled for each further one
    ca: Path | None = None  # PEM; trusted beside the usual authorities
    client_certificate: Path | None = None  # PEM, with its key
    tokens: tuple[tuple[str, str], ...] = ()  # by variable; for https
    logins: tuple[Login, ...] = ()  # those of `jbuild plugins`; all else has netrc

    def __repr__(self) -> str:
        """Keep the tokens out of logs and traces."""
        shown = (each for each in self.__struct_fields__ if each != "tokens")
        facts = ", ".join(f"{each}={getattr(self, each)!r}" for each in shown)
        return f"{type(self).__name__}({facts})"

    def token(self, host: str) -> str | None:
        """Look up the token for ``mirror.example.org`` or ``mirror.example.org:8443``."""
        name = token_variable(host)
        return next((token for variable, token in self.tokens if variable == name), None)

    def login(self, host: str) -> Login | None:
        """Look up the login for ``mirror.example.org`` or ``mirror.example.org:8443``."""
        names = (host, host.partition(":")[0])
        return next((each for name in names for each in self.logins if each.host == name), None)


class Buildx(Struct, frozen=True, kw_only=True):
    """How ``docker buildx`` is asked; all texts are its own."""

    builder: str | None = None  # None: the current one
    cache_from: tuple[str, ...] = ()  # such as ``type=registry,ref=registry.example/cache``
    cache_to: tuple[str, ...] = ()


class Settings(Struct, frozen=True, kw_only=True):
    """All of them, checked."""

    store: Path
    network: Network
    mirrors: tuple[str, ...]  # presets and URLs, in order of preference; empty: the formula's
    maven: str
    docker_host: str | None
    engine: str  # one of ``ENGINES``
    buildx: Buildx
    debian_mirror: str | None
    offline: bool
    account: Login | None = None  # on controllers that are verified; of variables alone
    listing: tuple[Setting, ...]  # by name


BUILDX, OCI = "buildx", "oci"
TOKEN_SERVER = "JBUILD_TOKEN_SERVER"  # noqa: S105  # a variable of a trial's CasC
USER, PASSWORD = "JBUILD_VERIFY_USER", "JBUILD_VERIFY_PASSWORD"  # variables of ``account``
ENGINES = ("docker", BUILDX, OCI)
ABOUT = {
    "builder": "builder of `docker buildx` (default: its current one)",
    "ca": "PEM file of an own authority, trusted beside the usual ones",
    "cache_from": "caches that buildx reads, as `type=registry,ref=HOST/NAME`, by blanks",
    "cache_to": "caches that buildx writes, as `type=registry,ref=HOST/NAME,mode=max`, by blanks",
    "client_certificate": "PEM file with the certificate and key that servers may ask for",
    "connections": "connections to one host at a time, at most",
    "debian_mirror": "Debian mirror for bases whose formula names none (default: this machine's)",
    "docker_host": "address of the container engine (default: DOCKER_HOST, then the local socket)",
    "engine": "what builds images: docker, buildx, or oci, which needs no daemon",
    "maven": "the Maven program",
    "mirrors": "mirrors to fetch from where the formula leaves it open, as `tuna, official`",
    "offline": "take everything from the store, reach nothing",
    "store": "folder that keeps fetched and built files by digest",
    "timeout": "seconds of silence after which a server is given up",
}
_TOKEN = "JBUILD_TOKEN_"  # noqa: S105  # how the names of variables begin
_CACHE_KEY = re.compile(
    r"\b(secret_access_key|session_token|account_key|token|ghtoken)=|://[^/\s]*@"
)
_MOST_CONNECTIONS = 256
_DEFAULTS = {"connections": "16", "engine": "docker", "timeout": "30"}


def merge(
    *,
    defaults: Mapping[str, str],
    file: tuple[str, Mapping[str, object]],
    environment: Mapping[str, str],
    options: Mapping[str, str],
) -> Settings:
    """Work out every setting.

    Args:
        defaults: by name; must hold ``store``.
        file: the settings file's path and what it says.
        environment: the process's variables.
        options: what the command line says.

    Raises:
        SettingsError: a name nobody knows, or a value that cannot be used.
    """
    path, written = file
    for name in written:
        if name not in ABOUT:
            known = ", ".join(ABOUT)
            raise SettingsError(name=name, value=str(written[name]), origin=path, wanted=known)
    layers = (
        ("option", options),
        ("variable", {each: environment.get(_variable(each)) for each in ABOUT}),
        (f"file {path}", written),
        ("default", {**_DEFAULTS, **defaults}),
    )
    listing = tuple(_setting(name, layers) for name in sorted(ABOUT))
    named = {each.name: each for each in listing}
    return Settings(
        store=_folder(named["store"]),
        network=_network(named, environment),
        mirrors=_mirrors(named["mirrors"]),
        maven=named["maven"].value or "mvn",
        docker_host=named["docker_host"].value or None,
        engine=_one_of(ENGINES, named["engine"]),
        buildx=Buildx(
            builder=named["builder"].value or None,
            cache_from=_caches(named["cache_from"]),
            cache_to=_caches(named["cache_to"]),
        ),
        debian_mirror=_mirror(named["debian_mirror"]),
        offline=_flag(named["offline"]),
        listing=listing,
    )


def token_variable(host: str) -> str:
    """Name the variable that holds the token for a host: one name a host, whatever it is called.

    ``mirror.my-firm.example:8443`` -> ``JBUILD_TOKEN_MIRROR_MY__FIRM_EXAMPLE_8443``; a token goes
    out over https alone, over plain http only to this very machine.
    """
    return _TOKEN + host.upper().replace("-", "__").replace(".", "_").replace(":", "_")


def _network(named: Mapping[str, Setting], environment: Mapping[str, str]) -> Network:
    return Network(
        connections=int(_number(named["connections"], _MOST_CONNECTIONS)),
        timeout_s=_number(named["timeout"], 3600),
        ca=_file(named["ca"]),
        client_certificate=_file(named["client_certificate"]),
        tokens=tuple(
            (name, environment[name])
            for name in sorted(environment)
            if name.startswith(_TOKEN) and environment[name]
        ),
    )


def _number(setting: Setting, most: int) -> float:
    try:
        value = float(setting.value)
    except ValueError:
        value = 0
    if not 1 <= value <= most:
        raise SettingsError(
            name=setting.name,
            value=setting.value,
            origin=setting.origin,
            wanted=f"a number from 1 to {most}",
        )
    return value


def _file(setting: Setting) -> Path | None:
    return _folder(setting) if setting.value else None


def _setting(name: str, layers: tuple[tuple[str, Mapping[str, object]], ...]) -> Setting:
    for origin, values in layers:
        value = values.get(name)
        if value not in (None, ""):  # a list of TOML cannot be hashed
            shown = f"variable {_variable(name)}" if origin == "variable" else origin
            return Setting(name=name, value=_text(value), origin=shown, about=ABOUT[name])
    return Setting(name=name, value="", origin="default", about=ABOUT[name])


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _folder(setting: Setting) -> Path:
    """Give an absolute folder: outside programs are started in folders of their own."""
    try:
        return Path(setting.value).expanduser().absolute()
    except RuntimeError as fault:  # no such user
        raise SettingsError(
            name=setting.name, value=setting.value, origin=setting.origin, wanted=str(fault)
        ) from fault


def _mirror(setting: Setting) -> str | None:
    """Refuse a password: it would stand in the process list while the base is made."""
    _refuse_password(setting, setting.value, "apt takes passwords from /etc/apt/auth.conf")
    return setting.value or None


def _mirrors(setting: Setting) -> tuple[str, ...]:
    """Split at commas and blanks."""
    found = tuple(setting.value.replace(",", " ").split())
    for each in found:
        _refuse_password(setting, each, "passwords are taken from ~/.netrc")
    return found


def _refuse_password(setting: Setting, url: str, instead: str) -> None:
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise SettingsError(
            name=setting.name,
            value="a URL with a password",
            origin=setting.origin,
            wanted=f"a URL without; {instead}",
        )


def _caches(setting: Setting) -> tuple[str, ...]:
    """Split at blanks; commas belong to the words, one at the end to a list of TOML.

    A key would stand in the process list; BuildKit takes it from elsewhere, too.
    """
    if _CACHE_KEY.search(setting.value):
        raise SettingsError(
            name=setting.name,
            value="a cache with a key",
            origin=setting.origin,
            wanted="one without; buildx takes keys from variables such as AWS_SECRET_ACCESS_KEY",
        )
    return tuple(each.rstrip(",") for each in setting.value.split())


def _one_of(known: tuple[str, ...], setting: Setting) -> str:
    if setting.value not in known:
        raise SettingsError(
            name=setting.name,
            value=setting.value,
            origin=setting.origin,
            wanted=" or ".join(known),
        )
    return setting.value


def _variable(name: str) -> str:
    return f"JBUILD_{name.upper()}"


def _flag(setting: Setting) -> bool:
    try:
        return _WORDS[setting.value.lower()]
    except KeyError:
        raise SettingsError(
            name=setting.name, value=setting.value, origin=setting.origin, wanted="true or false"
        ) from None
