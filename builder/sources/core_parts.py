"""The parts of a controller's archive that are written anew."""

from builder import war
from builder.model.stored import StoredFile
from builder.ports import World
from builder.war import manifest, web_xml
from builder.war.changes import LIMIT


def read(world: World, core: StoredFile) -> war.Core:
    """Read what has to be known to change the archive.

    Raises:
        ArchiveBroken: it cannot be read, or a part of it is too large to be what it is called.
    """
    return war.Core(
        names=world.archives.names(core.path),
        manifest=world.archives.read(core.path, manifest.NAME, limit=LIMIT),
        web_xml=world.archives.read(core.path, web_xml.NAME, limit=LIMIT),
    )
