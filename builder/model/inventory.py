"""What a controller's image holds where no lock tells: read from its archives' own manifests."""

from typing import TypeAlias

from msgspec import Struct

from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.lock import Lock
from builder.model.plugin import PluginId
from builder.version import Version


class HeldCore(Struct, frozen=True, kw_only=True):
    """The WAR in an image."""

    family: Family
    version: Version
    digest: Digest | None  # None: plugins were put into it, so that it is no core's own WAR


class HeldPlugin(Struct, frozen=True, kw_only=True):
    """A plugin in an image, beside the WAR or inside it."""

    plugin: PluginId
    version: Version
    digest: Digest | None  # None: not measured


class Inventory(Struct, frozen=True, kw_only=True):
    """Core and plugins; of their origin, of the base and of configuration nothing is known."""

    core: HeldCore
    plugins: tuple[HeldPlugin, ...]  # by plugin id, ascending
    unread: tuple[str, ...] = ()  # files that are called like plugins and are none; for people


Contents: TypeAlias = Lock | Inventory
"""What can be compared: all that a lock tells, or what is found without one."""
