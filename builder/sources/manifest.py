"""The manifest of a plugin archive to a ``Release``; of a WAR to a ``CorePin``."""

from builder.errors import NotAController, NotAPlugin
from builder.model.controller import CONTROLLERS, Family
from builder.model.lock import CorePin
from builder.model.manifest import (
    dependencies,
    main_attributes,
    plugin_id,
    plugin_version,
    required_core,
)
from builder.model.plugin import Origin, PluginId, Release, Trust
from builder.model.stored import StoredFile
from builder.version import Version

NAME = "META-INF/MANIFEST.MF"
LIMIT = 1 << 20  # bytes


def release(manifest: bytes | None, plugin: PluginId, origin: Origin, file: StoredFile) -> Release:
    """Read the facts of one plugin release.

    Args:
        manifest: of the archive; None where it has none.
        plugin: the id it was asked for by.
        origin: where it came from.
        file: the archive in the store.

    Raises:
        NotAPlugin: no manifest, another plugin's, or dependencies no controller can read.
    """
    if manifest is None:
        raise NotAPlugin(plugin=plugin, origin=str(origin), fault="the archive has no manifest")
    attributes = main_attributes(manifest)
    found, version = plugin_id(attributes, plugin), plugin_version(attributes)
    if found != plugin:
        raise NotAPlugin(plugin=plugin, origin=str(origin), fault=f"it holds the plugin {found}")
    if version is None:
        raise NotAPlugin(plugin=plugin, origin=str(origin), fault="its manifest has no version")
    try:
        edges = dependencies(attributes.get("Plugin-Dependencies", ""))
    except ValueError as fault:
        said = f"its dependency {fault} has no version"
        raise NotAPlugin(plugin=plugin, origin=str(origin), fault=said) from fault
    return Release(
        plugin=plugin,
        version=version,
        required_core=required_core(attributes),
        dependencies=edges,
        origin=origin,
        digest=file.digest,
        size=file.size,
    )


def core(manifest: bytes | None, origin: Origin, file: StoredFile, *, trust: Trust) -> CorePin:
    """Tell which controller a WAR holds, and at which version.

    Raises:
        NotAController: the manifest names neither family.
    """
    family, version = controller(manifest, str(origin))
    return CorePin(
        family=family,
        version=version,
        origin=origin,
        digest=file.digest,
        size=file.size,
        trust=trust,
    )


def controller(manifest: bytes | None, origin: str) -> tuple[Family, Version]:
    """Tell which controller a WAR's manifest names, and at which version.

    Raises:
        NotAController: neither family.
    """
    attributes = main_attributes(manifest or b"")
    for each in CONTROLLERS:
        version = attributes.get(each.version_attribute)
        if version:
            return each.family, Version(version)
    wanted = " or ".join(each.version_attribute for each in CONTROLLERS)
    raise NotAController(origin=origin, fault=f"its manifest has no {wanted}")
