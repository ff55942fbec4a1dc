"""``Settings``: how this machine works, out of options, environment and file; pure.

Precedence: option, ``JBUILD_*`` variable, settings file, default. No setting changes what an
image is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import SettingsError

_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value and where it comes from."""

    name: str
    value: str
    origin: str  # ``default``, ``file PATH``, ``variable NAME`` or ``option``
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of them, checked."""

    store: Path
    maven: str
    docker_host: str | None
    debian_mirror: str | None
    offline: bool
    listing: tuple[Setting, ...]  # by name


ABOUT = {
    "debian_mirror": "Debian mirror for bases whose formula names none (default: this machine's)",
    "docker_host": "address of the container engine (default: DOCKER_HOST, then the local socket)",
    "maven": "the Maven program",
    "offline": "take everything from the store, reach nothing",
    "store": "folder that keeps fetched and built files by digest",
}


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
        ("default", defaults),
    )
    listing = tuple(_setting(name, layers) for name in sorted(ABOUT))
    values = {each.name: each.value for each in listing}
    return Settings(
        store=_folder(next(each for each in listing if each.name == "store")),
        maven=values["maven"] or "mvn",
        docker_host=values["docker_host"] or None,
        debian_mirror=_mirror(next(each for each in listing if each.name == "debian_mirror")),
        offline=_flag(next(each for each in listing if each.name == "offline")),
        listing=listing,
    )


def _setting(name: str, layers: tuple[tuple[str, Mapping[str, object]], ...]) -> Setting:
    for origin, values in layers:
        value = values.get(name)
        if value not in {None, ""}:
            shown = f"variable {_variable(name)}" if origin == "variable" else origin
            text = str(value).lower() if isinstance(value, bool) else str(value)
            return Setting(name=name, value=text, origin=shown, about=ABOUT[name])
    return Setting(name=name, value="", origin="default", about=ABOUT[name])


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
    if "@" in setting.value.partition("://")[2].partition("/")[0]:
        raise SettingsError(
            name=setting.name,
            value="a URL with a password",
            origin=setting.origin,
            wanted="a URL without; apt takes passwords from /etc/apt/auth.conf",
        )
    return setting.value or None


def _variable(name: str) -> str:
    return f"JBUILD_{name.upper()}"


def _flag(setting: Setting) -> bool:
    try:
        return _WORDS[setting.value.lower()]
    except KeyError:
        raise SettingsError(
            name=setting.name, value=setting.value, origin=setting.origin, wanted="true or false"
        ) from None
