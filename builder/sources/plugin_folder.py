"""What lies in a folder of plugins and in a WAR, read from the manifests of the archives."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from builder.errors import ArchiveBroken, NotAController, NotAPlugin
from builder.model.digest import Digest
from builder.model.folder import Carried, Lying
from builder.model.manifest import main_attributes, plugin_id
from builder.model.plugin import Beside, PluginId
from builder.model.stored import StoredFile
from builder.ports import World
from builder.ports.plugin_folders import PluginFolders
from builder.sources import manifest

_PLUGINS, _DETACHED = "WEB-INF/plugins/", "WEB-INF/detached-plugins/"
SUFFIXES = (".jpi", ".hpi")
_LIMIT = 512 << 20  # bytes of one plugin inside a WAR


class Folder(Struct, frozen=True, kw_only=True):
    """What lies in a folder of plugins."""

    plugins: tuple[Lying, ...]  # by id, ascending
    unread: tuple[str, ...]  # files that are called like plugins and are none; for people


def read(world: World, folders: PluginFolders, folder: Path) -> Folder:
    """Read every plugin of a folder; of two archives of one plugin the one that a controller takes.

    Raises:
        Unreadable: it is no folder, or may not be read.
    """
    return told(world, folders.archives(folder))


def told(world: World, files: Iterable[StoredFile]) -> Folder:
    """Read plugins that lie in one folder, in the order in which a controller takes them."""
    found: dict[PluginId, Lying] = {}
    unread = []
    for file in files:
        try:
            lying = _lying(world, file, file.path.name)
        except NotAPlugin as fault:
            unread.append(f"{file.path.name}: {fault.fault}")
        else:
            found.setdefault(lying.release.plugin, lying)
    return Folder(plugins=_by_id(found.values()), unread=tuple(unread))


def war(world: World, path: Path, *, detached: bool) -> Carried:
    """Read what a WAR is and brings along.

    Args:
        world: whose archives are read.
        path: of the WAR.
        detached: look into the detached plugins, too: there may be fifty.

    Raises:
        NotAController: it is none.
    """
    try:
        content = world.archives.read(path, manifest.NAME, limit=manifest.LIMIT)
        names = world.archives.names(path)
    except ArchiveBroken as fault:
        raise NotAController(origin=str(path), fault=fault.fault) from fault
    family, core = manifest.controller(content, str(path))
    return Carried(
        family=family,
        core=core,
        plugins=_by_id(_inside(world, path, names, _PLUGINS)),
        detached=_by_id(_inside(world, path, names, _DETACHED)) if detached else (),
    )


def _inside(world: World, war: Path, names: tuple[str, ...], folder: str) -> Iterator[Lying]:
    """Read the plugins in one folder of a WAR; what is none is nothing to a controller either."""
    wanted = (each for each in names if each.startswith(folder) and each.endswith(SUFFIXES))
    for name in sorted(wanted):
        with world.store.scratch() as scratch, suppress(ArchiveBroken, NotAPlugin):
            content = world.archives.read(war, name, limit=_LIMIT) or b""
            path = scratch / PurePosixPath(name).name
            path.write_bytes(content)
            file = StoredFile(
                digest=Digest.of(content),
                size=len(content),
                crc32=zlib.crc32(content),
                path=path,
            )
            yield _lying(world, file, name)


def _lying(world: World, file: StoredFile, name: str) -> Lying:
    """Read one archive; very old ones leave their id to the name of the file.

    Raises:
        NotAPlugin: it is none.
    """
    origin = Beside(PurePosixPath(name))
    try:
        content = world.archives.read(file.path, manifest.NAME, limit=manifest.LIMIT)
    except ArchiveBroken as fault:
        raise NotAPlugin(plugin=PluginId(name), origin=name, fault=fault.fault) from fault
    plugin = plugin_id(main_attributes(content or b""), file.path.stem)
    return Lying(release=manifest.release(content, plugin, origin, file), name=name)


def _by_id(found: Iterable[Lying]) -> tuple[Lying, ...]:
    return tuple(sorted(found, key=lambda each: each.release.plugin))
