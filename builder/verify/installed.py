"""The plugins in a container, by what their own manifests say."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from builder.model.manifest import dependencies, main_attributes
from builder.model.plugin import Dependency, PluginId
from builder.model.report import InstalledPlugin
from builder.version import Version

_NO_CORE = "null"  # what very old build tools wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """One plugin with its manifest read."""

    plugin: PluginId
    version: Version | None
    required_core: Version | None
    dependencies: tuple[Dependency, ...]
    fault: str | None  # of the manifest


def unpacked(found: tuple[InstalledPlugin, ...]) -> Mapping[PluginId, Unpacked]:
    """Read the manifests of the plugins that a controller would load, by plugin id."""
    plugins = (_read(each) for each in found if each.manifest is not None and not each.disabled)
    return MappingProxyType({each.plugin: each for each in plugins})


def _read(found: InstalledPlugin) -> Unpacked:
    attributes = main_attributes(found.manifest or b"")
    core = attributes.get("Jenkins-Version") or attributes.get("Hudson-Version") or _NO_CORE
    version = attributes.get("Plugin-Version") or attributes.get("Implementation-Version") or ""
    plugin = attributes.get("Short-Name") or attributes.get("Extension-Name") or found.name
    needs: tuple[Dependency, ...] = ()
    fault = None
    try:
        needs = dependencies(attributes.get("Plugin-Dependencies", ""))
    except ValueError as broken:
        fault = f"Plugin-Dependencies has an entry without a version: {broken}"
    return Unpacked(
        plugin=PluginId(plugin),
        version=_bare(version),
        required_core=None if core.strip() == _NO_CORE else Version(core.strip()),
        dependencies=needs,
        fault=fault,
    )


def _bare(text: str) -> Version | None:
    """Drop what a local build adds: ``1.2-SNAPSHOT (private-1a2b3c4d-user)``."""
    bare = text.partition(" (")[0].strip()
    return Version(bare) if bare else None
