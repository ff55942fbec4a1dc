"""What jenkins-plugin-cli's addresses mean here: which indexes are read, and which mirrors asked.

A public update center has all that is public behind it. Behind a private one stands nothing that
nobody named.

Source: plugin-installation-manager-tool, ``CliOptions`` and ``PluginManager.getPluginDownloadUrl``.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from builder.errors import SettingsError
from builder.formula.texts import SITE_URL
from builder.model.formula import CatalogueWishes, Mode, Wish
from builder.model.plugin import Addressed
from builder.sources.mirrors import presets_by_name
from builder.version import Version

_NAME = "/update-center.json"
_OFFICIAL = "https://updates.jenkins.io"
_INCREMENTALS = "https://repo.jenkins-ci.org/incrementals"
_HISTORY = f"{_OFFICIAL}/current/plugin-versions.json"
_MOVED = "/download"  # below a private host, where jenkins-plugin-cli looks for files


class Named(Struct, frozen=True, kw_only=True):
    """An address, and who says so."""

    url: str
    origin: str  # ``--jenkins-update-center`` or ``JENKINS_UC``


class Addresses(Struct, frozen=True, kw_only=True):
    """Where jenkins-plugin-cli is told to look; None is its default."""

    update_center: Named | None = None
    experimental: Named | None = None
    incrementals: Named | None = None
    plugin_info: Named | None = None
    download_url: Named | None = None  # a folder in which ``<id>/<version>/<id>.hpi`` lie
    download: Named | None = None  # a root with ``plugins/`` below


def sources(addresses: Addresses, core: Version | None) -> tuple[str, ...]:
    """Give the indexes to read, as ``Asked.sources`` names them: a long one that is a file, too.

    Raises:
        SettingsError: what is named is no address.
    """
    info = addresses.plugin_info
    beside = (_path(info),) if info and _is_file(info) else ()
    return (source(addresses.update_center, core), *beside)


def source(named: Named | None, core: Version | None) -> str:
    """Give the index to read, as ``Asked.sources`` names it.

    Raises:
        SettingsError: what is named is no address.
    """
    if named is None:
        return "official"
    url = _document(named)
    if url.startswith("file:"):
        return _path(replace(named, url=url))
    if url in _whole_sites():
        return "official"
    if url == f"{_OFFICIAL}/experimental{_NAME}":
        return "experimental"
    return f"{url}?version={core}" if core else url


def experimental(addresses: Addresses, core: Version | None) -> str:
    """Give the index of the experimental site.

    Raises:
        SettingsError: the update center is private, and nothing names its experimental one.
    """
    if addresses.experimental is None and _is_private(addresses.update_center):
        wanted = "an address: the update center is private, and nothing public stands behind it"
        raise SettingsError(
            name="JENKINS_UC_EXPERIMENTAL", value="", origin="default", wanted=wanted
        )
    named = addresses.experimental
    return source(named, core) if named else "experimental"


def histories(addresses: Addresses) -> tuple[str, ...]:
    """Give the long indexes to open where the quick one does not do; empty: the site's own."""
    if addresses.plugin_info:
        return () if _is_file(addresses.plugin_info) else (_checked(addresses.plugin_info),)
    is_public = _preset(addresses.update_center) is not None
    return (_HISTORY,) if is_public and source(addresses.update_center, None) != "official" else ()


def mirrors(addresses: Addresses) -> CatalogueWishes:
    """Say where files come from.

    Raises:
        SettingsError: what is named is no address.
    """
    if addresses.download_url:
        folder = _checked(addresses.download_url)
        root = folder.removesuffix("/plugins")
        return _from(f"{root}/" if root != folder else f"{folder}/#plugins")
    if addresses.download:
        return _from(f"{_checked(addresses.download)}/")
    preset = _preset(addresses.update_center)
    if preset or not _is_private(addresses.update_center):
        return CatalogueWishes(mirrors=(preset or "official",))
    document = source(addresses.update_center, None)
    folder, host = document.rpartition("/")[0], urlsplit(document)
    root = f"{host.scheme}://{host.netloc}"
    above = folder.removesuffix("/updates")
    return _from(f"{root}{_MOVED}/", f"{above}/", f"{above}{_MOVED}/")


def at_incrementals(wish: Wish, addresses: Addresses) -> Wish:
    """Point the wish for a build in a Maven repository at its file there.

    Raises:
        SettingsError: what is named is no address.
    """
    if not wish.group or wish.url or not wish.version:
        return wish
    named = addresses.incrementals
    base = _checked(named) if named else _INCREMENTALS
    folder = f"{wish.group.replace('.', '/')}/{wish.plugin}/{wish.version}"
    url = f"{base}/{folder}/{wish.plugin}-{wish.version}.hpi"
    return replace(wish, origin=Addressed(), url=url, mode=Mode.PINNED)


def default_war() -> Path:
    """Say where the official image keeps its WAR, or else Debian's package."""
    image = Path("/usr/share/jenkins/jenkins.war")
    return image if image.exists() else Path("/usr/share/java/jenkins.war")


def _from(*roots: str) -> CatalogueWishes:
    """Take files from roots; one that is a public mirror's stands for that mirror."""
    names = {each.files: name for name, each in presets_by_name().items()}
    return CatalogueWishes(mirrors=tuple(dict.fromkeys(names.get(each, each) for each in roots)))


def _document(named: Named) -> str:
    if _is_file(named):
        packed = named.url.endswith((".gz", ".xz"))
        return named.url if packed or named.url.endswith("json") else f"{named.url}{_NAME}"
    url = _checked(named)
    return url if url.endswith("json") else f"{url}{_NAME}"


def _whole_sites() -> frozenset[str]:
    """Name the documents by which the official site, or a mirror that relays it, is meant."""
    folders = {each.updates.rstrip("/") for each in presets_by_name().values()}
    return frozenset({f"{_OFFICIAL}/current{_NAME}", *(f"{each}{_NAME}" for each in folders)})


def _preset(named: Named | None) -> str | None:
    """Name the public site or mirror that an address lies on."""
    if named is None:
        return "official"
    url = _document(named)
    found = (name for name, each in presets_by_name().items() if url.startswith(each.updates))
    return next(found, None)


def _is_private(named: Named | None) -> bool:
    return _preset(named) is None and not (named and _is_file(named))


def _is_file(named: Named) -> bool:
    return named.url.startswith("file:///")


def _path(named: Named) -> str:
    return unquote(urlsplit(named.url).path)


def _checked(named: Named) -> str:
    """Give an address without a slash at its end.

    Raises:
        SettingsError: it is none; what it holds is not told, since it may be a password.
    """
    try:
        return SITE_URL.read(named.url).rstrip("/")
    except ValueError as fault:
        raise SettingsError(
            name=named.origin, value="no such address", origin=named.origin, wanted=str(fault)
        ) from fault
