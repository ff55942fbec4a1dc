"""Which jars of ``WEB-INF/lib`` give way, and how others are called.

Source: custom-war-packager, ``JenkinsWarPatcher.replaceLib`` and ``excludeLib``.
"""

import re

from builder.model.plugin import Beside, Coordinates
from builder.model.war import LibraryWish

FOLDER = "WEB-INF/lib"


def of_artifact(names: tuple[str, ...], artifact: str) -> tuple[str, ...]:
    """Give the entries that are a version of an artifact: its id, a dash and a number."""
    pattern = re.compile(rf"{FOLDER}/{re.escape(artifact)}(?:-\d[^/]*)?\.jar")
    return tuple(name for name in names if pattern.fullmatch(name))


def entry_name(wished: LibraryWish) -> str:
    """Name the entry of a jar that is put in."""
    if isinstance(wished.origin, Beside):
        return f"{FOLDER}/{wished.origin.path.name}"
    if isinstance(wished.origin, Coordinates):
        return f"{FOLDER}/{wished.artifact}-{wished.origin.version}.jar"
    return f"{FOLDER}/{wished.artifact}.jar"  # whichever version its sources make it
