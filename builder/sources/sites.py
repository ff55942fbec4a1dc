"""Which documents a source of catalogues stands for: presets, URLs and files.

The tier for a core is the official site's to choose: it answers ``?version=`` with the greatest
one that is not newer, and a mirror of plain files passes over the question.
"""

from urllib.parse import quote, urlsplit

from msgspec import Struct

from builder.version import Version

OFFICIAL = "https://updates.jenkins.io/"
_HISTORY = "current/plugin-versions.json"
_NAME = "update-center.json"


class Remote(Struct, frozen=True, kw_only=True):
    """A source that is fetched."""

    name: str  # for people, without secrets
    url: str
    otherwise: str | None = None  # where the same site has a catalogue in any case
    history: "Remote | None" = None  # the longer index of the same site
    relays: tuple[str, ...] = ()  # mirrors' copies, asked first and believed only as signed


class Local(Struct, frozen=True, kw_only=True):
    """A source that is a file."""

    name: str
    path: str
    chosen: bool  # named on the command line; else it lies beside the formula


def site(
    source: str, core: Version | None, *, chosen: bool, updates: tuple[str, ...] = ()
) -> Remote | Local:
    """Say where a source lies.

    Args:
        source: ``official``, ``stable`` or ``experimental``; a URL of a document, or of a folder
            when its path ends in a slash; else a path.
        core: the controller's version; None asks for the newest catalogue there is.
        chosen: a person named it on the command line.
        updates: the ``updates`` folders of mirrors that may relay the official site.
    """
    if source == "official":
        newest, tiered = f"{OFFICIAL}current/{_NAME}", _tiered(OFFICIAL, core)
        return Remote(
            name=source,
            url=tiered if core else newest,
            otherwise=newest if core else None,
            history=_official_history(updates),
            relays=tuple(f"{each}{_NAME}" for each in updates),
        )
    if source in {"stable", "experimental"}:
        return Remote(name=source, url=f"{OFFICIAL}{source}/{_NAME}", history=_official_history())
    if "://" not in source:
        return Local(name=source, path=source, chosen=chosen)
    return _addressed(source, core)


def at_url(url: str) -> Remote:
    """Take the document at a URL, and nothing around it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Remote(name="an address that is no URL", url=url)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return Remote(name=bare, url=url)


def _addressed(url: str, core: Version | None) -> Remote:
    found = at_url(url)
    bare = found.name
    if not bare.endswith("/"):
        return found
    parts = urlsplit(url)
    folder = parts._replace(query="", fragment="").geturl()
    history = Remote(name=bare + _HISTORY, url=folder + _HISTORY)
    return Remote(name=bare, url=_tiered(folder, core), history=history)


def _official_history(updates: tuple[str, ...] = ()) -> Remote:
    relays = tuple(f"{each}{_HISTORY}" for each in updates)
    return Remote(name="official history", url=OFFICIAL + _HISTORY, relays=relays)


def _tiered(folder: str, core: Version | None) -> str:
    return f"{folder}{_NAME}" + (f"?version={quote(core, safe='')}" if core else "")
