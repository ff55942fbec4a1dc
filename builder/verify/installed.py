"""The plugins in a container, by what their own manifests say."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from builder.model.manifest import (
    dependencies,
    main_attributes,
    plugin_id,
    plugin_version,
    required_core,
)
from builder.model.plugin import Dependency, PluginId
from builder.model.report import InstalledPlugin
from builder.version import Version


class Unpacked(Struct, frozen=True, kw_only=True):
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


def plugins_of(found: tuple[InstalledPlugin, ...]) -> Mapping[str, str]:
    """Give the versions of the plugins that a controller would load, by id."""
    return {plugin: str(each.version or "") for plugin, each in unpacked(found).items()}


def _read(found: InstalledPlugin) -> Unpacked:
    attributes = main_attributes(found.manifest or b"")
    needs: tuple[Dependency, ...] = ()
    fault = None
    try:
        needs = dependencies(attributes.get("Plugin-Dependencies", ""))
    except ValueError as broken:
        fault = f"Plugin-Dependencies has an entry without a version: {broken}"
    return Unpacked(
        plugin=plugin_id(attributes, found.name),
        version=plugin_version(attributes),
        required_core=required_core(attributes),
        dependencies=needs,
        fault=fault,
    )
