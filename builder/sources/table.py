"""The table of what has left the core, out of the very WAR that will run."""

from pathlib import Path

from builder.errors import ArchiveBroken
from builder.ports import World
from builder.resolve import Detached
from builder.resolve.detached import parse
from builder.version import Version

_LIMIT = 64 << 20  # bytes of the core's own library
_TABLE_LIMIT = 1 << 20  # bytes of one of its lists
_ROWS, _CYCLES = "jenkins/split-plugins.txt", "jenkins/split-plugin-cycles.txt"


def carried(world: World, war: Path, core: Version) -> Detached | None:
    """Read the table; None where the WAR has none, as before 2.87, or one nobody can read."""
    try:
        library = world.archives.read(war, f"WEB-INF/lib/jenkins-core-{core}.jar", limit=_LIMIT)
        if library is None:
            return None
        with world.store.scratch() as folder:
            path = folder / "core.jar"
            path.write_bytes(library)
            rows = world.archives.read(path, _ROWS, limit=_TABLE_LIMIT)
            cycles = world.archives.read(path, _CYCLES, limit=_TABLE_LIMIT)
        return parse(rows.decode(), (cycles or b"").decode()) if rows else None
    except (ArchiveBroken, ValueError):
        return None
