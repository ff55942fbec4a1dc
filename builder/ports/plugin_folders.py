"""What jbuild asks of a folder of plugins: a controller's own, or the one an image starts from."""

from pathlib import Path
from typing import Protocol

from builder.model.folder import Placed
from builder.model.stored import StoredFile

SUFFIX = ".jpi"
"""How a plugin's file ends: jenkins.sh upgrades no other, and Jenkins takes it first."""


class PluginFolders(Protocol):
    """Folders of plugins; one that is not there yet is empty."""

    def archives(self, folder: Path) -> tuple[StoredFile, ...]:
        """Measure the ``.jpi`` and ``.hpi`` files, in the order in which a controller takes them.

        Raises:
            Unreadable: it is no folder, or may not be read.
        """

    def place(self, folder: Path, files: tuple[Placed, ...], *, clean: bool) -> None:
        """Put plugins into a folder, which is made: all of them, or none.

        Each becomes ``<id>.jpi``, with a time that follows from its content. The file that lies
        there for the plugin becomes ``<id>.bak``. With ``clean`` nothing else stays in the folder.

        Raises:
            NoSpace: the disk is full, or may not be written to; the folder is as it was.
        """
