"""What the text of a wish asks for: which release of a plugin, and from where.

The grammar is that of plugin lists, and ``>=`` beside it: ``id``, ``id:version``,
``id:version:url`` and ``id::url``. Formulas and plugin lists share it.

Source: plugin-installation-manager-tool, ``PluginListParser`` and README, "Plugin Input Format".
"""

import re
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder.formula.spelling import redacted
from builder.formula.texts import FILE_URL, MAVEN_ID, PLUGIN, VERSION, Kind
from builder.model.formula import Mode, Place, Wish
from builder.model.plugin import Addressed, Beside, Coordinates, PluginId
from builder.model.recipe import Recipe
from builder.version import Version

_SEARCHES = {"latest": Mode.LATEST, "experimental": Mode.EXPERIMENTAL}
_SCHEME = re.compile(r"(?:https?|ftp|file)://", re.IGNORECASE)


class Ask(Struct, frozen=True, kw_only=True):
    """Which release of a plugin."""

    mode: Mode = Mode.NEWEST
    version: Version | None = None
    group: str | None = None  # of a build in a Maven repository
    url: str | None = None
    file: PurePosixPath | None = None  # beside the formula
    recipe: Recipe | None = None  # to build it by


def _which(text: str) -> Ask | None:
    if text in _SEARCHES:
        return Ask(mode=_SEARCHES[text])
    if "incrementals" in text:
        return _incremental(text)
    bound, mode = text, Mode.PINNED
    if text.startswith(">="):
        bound, mode = text[2:].lstrip(), Mode.AT_LEAST
    version = VERSION.take(bound)
    return Ask(mode=mode, version=version) if version else None


def _incremental(text: str) -> Ask | None:
    word, _, rest = text.partition(";")
    group, _, typed = rest.partition(";")
    version = VERSION.take(typed)
    if word != "incrementals" or not version or not MAVEN_ID.take(group):
        return None
    return Ask(mode=Mode.PINNED, version=version, group=group)


WHICH = Kind(
    "a version such as 1.20, or >=1.20, latest, experimental or incrementals;group;version", _which
)


def short_form(text: str) -> tuple[PluginId, Ask]:
    """Read one entry of a list.

    Args:
        text: such as ``git``, ``git:5.2.2`` or ``git::https://host/git.hpi``.

    Raises:
        ValueError: it is none; says what is wanted.
    """
    name, _, rest = text.partition(":")
    plugin = PluginId(PLUGIN.read(name))
    if _SCHEME.match(rest):
        wanted = redacted(f"two colons before a URL: {plugin}::{rest}")
        raise ValueError(wanted)
    version, colon, url = rest.partition(":")
    ask = WHICH.read(version) if version else Ask()
    return plugin, at(FILE_URL.read(url), ask) if colon else ask


def at(url: str, ask: Ask) -> Ask:
    """Take the release from a URL: the file says which it is, the version what it has to be."""
    return replace(ask, url=url, mode=ask.mode if ask.version else Mode.PINNED)


def beside(file: PurePosixPath, ask: Ask) -> Ask:
    """Take the release from a file beside the formula, in the same way."""
    return replace(ask, file=file, mode=ask.mode if ask.version else Mode.PINNED)


def built(recipe: Recipe) -> Ask:
    """Take the release that a recipe gives, whichever it is."""
    return Ask(recipe=recipe, mode=Mode.PINNED)


def wish(plugin: PluginId, ask: Ask, place: Place, group: str | None = None) -> Wish:
    """Make the wish; ``group`` is the Maven group that stands beside the text."""
    return Wish(
        plugin=plugin,
        version=ask.version,
        group=ask.group or group,
        place=place,
        mode=ask.mode,
        origin=_origin(plugin, ask),
        url=ask.url,
    )


def _origin(plugin: PluginId, ask: Ask) -> Coordinates | Beside | Addressed | Recipe | None:
    if ask.recipe:
        return ask.recipe
    if ask.url:
        return Addressed()
    if ask.file:
        return Beside(ask.file)
    if ask.group and ask.version:
        return Coordinates(ask.group, plugin, ask.version)
    return None
