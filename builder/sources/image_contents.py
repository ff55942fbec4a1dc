"""What an image holds: its lock where it keeps one, else what its archives say of themselves."""

from pathlib import Path, PurePosixPath

from builder import lock
from builder.errors import NotAController, NothingInside
from builder.model.controller import LOCK, REF, WAR
from builder.model.folder import Ground
from builder.model.inventory import Contents, HeldCore, HeldPlugin, Inventory
from builder.ports import World
from builder.ports.image_files import ImageFiles, Images
from builder.sources import plugin_folder

_LOCK_LIMIT = 64 << 20  # bytes; 200 plugins make a lock of 0.2 MB
_PLUGINS = REF / "plugins"
_FIRST = ".jpi"  # of two files with one plugin a controller takes this one


def read(world: World, images: Images, reference: str) -> Contents:
    """Read an image without running it.

    Args:
        world: whose store lends room, and whose archives are read.
        images: where the image is.
        reference: of the image.

    Raises:
        EngineUnreachable: no engine answers.
        ImageMissing: there is no such image.
        LockBroken: it keeps a lock that is none.
        LockTooNew: its lock was written by a newer jbuild.
        NothingInside: it holds neither a lock nor a controller.
    """
    with images.opened(reference) as files:
        content = files.read(LOCK, limit=_LOCK_LIMIT)
        if content is not None:
            return lock.from_bytes(content, _inside(reference, LOCK))
        with world.store.scratch() as scratch:
            return _inventory(world, files, scratch, reference)


def _inventory(world: World, files: ImageFiles, scratch: Path, reference: str) -> Inventory:
    """Read manifests, of the WAR first: without one the plugins need not be copied."""
    where = _inside(reference, WAR)
    copies = files.copy(WAR, scratch)
    if not copies:
        raise NothingInside(path=where, reference=reference, fault="no file")
    try:
        carried = plugin_folder.war(world, copies[0].path, detached=False)
    except NotAController as fault:
        raise NothingInside(path=where, reference=reference, fault=fault.fault) from fault
    copied = files.copy(_PLUGINS, scratch / _PLUGINS.name)
    archives = (each for each in copied if each.path.suffix in plugin_folder.SUFFIXES)
    ordered = sorted(archives, key=lambda each: each.path.suffix != _FIRST)
    beside = plugin_folder.told(world, ordered)
    there = Ground(installed=beside.plugins, carried=carried).there
    return Inventory(
        core=HeldCore(
            family=carried.family,
            version=carried.core,
            digest=None if carried.plugins else copies[0].digest,
        ),
        plugins=tuple(
            HeldPlugin(
                plugin=plugin,
                version=there[plugin].release.version,
                digest=there[plugin].release.digest,
            )
            for plugin in sorted(there)
        ),
        unread=beside.unread,
    )


def _inside(reference: str, path: PurePosixPath) -> Path:
    """Say for people where in an image something is."""
    return Path(f"{reference}:{path}")
