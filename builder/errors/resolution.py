"""No plugin set fits, or a file is not the plugin it should be."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.errors.base import JbuildError
from builder.model.formula import Place
from builder.model.plugin import PluginId
from builder.version import Version

if TYPE_CHECKING:  # many values, and few runs end in one
    from builder.model.refusal import Change, Clash


@dataclass(eq=False, kw_only=True, repr=False)
class ResolutionError(JbuildError):
    """No plugin set fits the wishes."""


@dataclass(eq=False, kw_only=True, repr=False)
class UnknownPlugin(ResolutionError):
    """Nothing says where ``plugin`` is published."""

    plugin: PluginId
    chain: tuple[PluginId, ...]  # from a wish down to ``plugin``
    place: Place | None
    near: tuple[PluginId, ...]


@dataclass(eq=False, kw_only=True, repr=False)
class CoreTooOld(ResolutionError):
    """``plugin`` needs a newer core than the formula names."""

    plugin: PluginId
    version: Version
    needs: Version
    core: Version
    chain: tuple[PluginId, ...]  # from a wish down to ``plugin``
    place: Place | None


@dataclass(eq=False, kw_only=True, repr=False)
class DemandsConflict(ResolutionError):
    """No plugin set meets all demands of the formula; a complete search has shown it."""

    clash: "Clash"
    changes: "tuple[Change, ...]"  # each was tried, and gives a plugin set


@dataclass(eq=False, kw_only=True, repr=False)
class NotAPlugin(ResolutionError):
    """A file that should hold a plugin does not, or holds another one."""

    plugin: PluginId
    origin: str
    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class DependencyUnmet(ResolutionError):
    """``plugin`` needs another plugin that is absent or too old; found when checking an answer."""

    plugin: PluginId
    needs: PluginId
    minimum: Version
    found: Version | None


@dataclass(eq=False, kw_only=True, repr=False)
class NotAController(ResolutionError):
    """The file that should be the controller's WAR is none."""

    origin: str
    fault: str


@dataclass(eq=False, kw_only=True, repr=False)
class DependencyCycle(ResolutionError):
    """Plugins that need each other: a controller deactivates all of them."""

    cycle: tuple[PluginId, ...]
