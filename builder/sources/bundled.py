"""The catalogue a WAR carries in ``WEB-INF/update-center.json``: where its plugins are published.

Only places are taken from it. Its versions are those of the day the WAR was made, and its
dependencies are no match for a manifest.
"""

import json

from builder.model.catalogue import Listings
from builder.model.plugin import Listing, PluginId
from builder.version import Version

NAME = "WEB-INF/update-center.json"
LIMIT = 64 << 20  # bytes


def catalogue(content: bytes | None) -> Listings:
    """Read the bundled catalogue; empty where a WAR has none, or one that nobody can read."""
    text = (content or b"").decode(errors="replace")
    try:
        document = json.loads(text[text.index("{") : text.rindex("}") + 1])
        plugins = document["plugins"]
        listings = [_listing(plugin, plugins[plugin]) for plugin in sorted(plugins)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Listings(listings=())
    return Listings(listings=tuple(listings))


def _listing(plugin: str, entry: dict[str, object]) -> Listing:
    group, version = entry.get("groupId"), entry.get("version")
    return Listing(
        plugin=PluginId(plugin),
        group=group if isinstance(group, str) and group else None,
        offered=Version(version) if isinstance(version, str) and version else None,
    )
