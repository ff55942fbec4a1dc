"""Where a release lies that nobody has read yet."""

from builder.errors import UnknownPlugin
from builder.model.plugin import Coordinates, Origin, PluginId
from builder.model.recipe import as_locked
from builder.resolve.question import Question
from builder.version import Version


def origin_of(question: Question, plugin: PluginId, version: Version) -> Origin | None:
    """Give the place of one release; None where nothing says.

    A wish's own origin goes first, then an update site's path. Maven's group comes from the wish,
    from the catalogue, or from another release of the plugin.
    """
    wish = question.wish_by_id.get(plugin)
    if wish and wish.origin:
        return as_locked(wish.origin)
    told = question.universe.where(plugin, version)
    if told is not None and not isinstance(told, Coordinates):
        return told
    group = (wish.group if wish else None) or (told.group if told else None)
    group = group or _known_group(question, plugin)
    return Coordinates(group, plugin, version) if group else None


def require_origin(question: Question, plugin: PluginId, version: Version) -> Origin:
    """Give the place of one release.

    Raises:
        UnknownPlugin: nothing says where it is published.
    """
    origin = origin_of(question, plugin, version)
    if origin is None:
        raise unknown(question, plugin)
    return origin


def unknown(question: Question, plugin: PluginId) -> UnknownPlugin:
    """Say that nothing tells of a plugin, who asks for it, and what is spelled like it."""
    demanders = sorted(
        each.plugin
        for each in question.universe.read()
        if any(edge.plugin == plugin for edge in each.dependencies)
    )
    wish = question.wish_by_id.get(plugin) or (
        question.wish_by_id.get(demanders[0]) if demanders else None
    )
    return UnknownPlugin(
        plugin=plugin,
        chain=(*demanders[:1], plugin),
        place=wish.place if wish else None,
        near=_near(question, plugin),
    )


def _near(question: Question, plugin: PluginId) -> tuple[PluginId, ...]:
    """Give the ids spelled most like one; upper and lower case make two ids, not two spellings."""
    by_spelling = {each.lower(): each for each in sorted(question.universe.catalogue.ids())}
    from difflib import get_close_matches  # noqa: PLC0415  # slow, and few mistype

    near = get_close_matches(plugin.lower(), sorted(by_spelling), n=3)
    return tuple(by_spelling[each] for each in near)


def _known_group(question: Question, plugin: PluginId) -> str | None:
    """Give the group of another release of the plugin, where one has been read."""
    groups = {
        each.origin.group
        for each in question.universe.read()
        if each.plugin == plugin and isinstance(each.origin, Coordinates)
    }
    return min(groups, default=None)
