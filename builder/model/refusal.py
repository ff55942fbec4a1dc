"""Why there is no plugin set, and what would have to change for one."""

from enum import Enum

from msgspec import Struct

from builder.model.formula import Mode, Place
from builder.model.plugin import DependencyKind, PluginId
from builder.version import Version


class Step(Struct, frozen=True, kw_only=True):
    """One plugin on the way from a wish to where the demands meet, and what it asks next."""

    plugin: PluginId
    version: Version
    kind: DependencyKind
    asks: PluginId
    minimum: Version


class Demand(Struct, frozen=True, kw_only=True):
    """One of the demands that cannot stand together."""

    plugin: PluginId | None  # None: the core
    version: Version | None
    mode: Mode
    place: Place | None
    chain: tuple[Step, ...]  # empty where the demand itself is about ``Clash.plugin``


class NewerCore(Struct, frozen=True, kw_only=True):
    """The release that would do, on a newer core."""

    version: Version
    needs: Version


class Clash(Struct, frozen=True, kw_only=True):
    """Demands of which no release set meets all; without any one of them there is one."""

    plugin: PluginId  # where they meet: no version of it is left
    demands: tuple[Demand, ...]  # wishes by place, the core last
    newer_core: NewerCore | None
    cycle: tuple[PluginId, ...] = ()  # where plugins that need each other are all that is left


class Remedy(Enum):
    """How a formula might be changed."""

    RAISE = "raise"
    LOWER = "lower"
    DROP = "drop"
    RAISE_CORE = "raise core"


class Move(Struct, frozen=True, kw_only=True):
    """One line of a formula, changed."""

    remedy: Remedy
    plugin: PluginId | None  # None: the core
    before: Version | None
    after: Version | None  # None: dropped
    place: Place | None


class Change(Struct, frozen=True, kw_only=True):
    """Moves that together give a plugin set; that was tried."""

    moves: tuple[Move, ...]
    java: tuple[int, ...] = ()  # what a newer core runs on, where that differs
