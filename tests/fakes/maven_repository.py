"""A Maven repository of files, under a group of its own for each run of the tests.

Maven keeps what it has fetched in the user's own local repository, by coordinates: another run
must not meet it, and nothing of it stays.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from builder.model.formula import Repository

_PARENT = "io.github.jbuild.test"
GROUP = f"{_PARENT}.p{os.getpid()}"


def repository(folder: Path, files: Mapping[str, bytes]) -> Repository:
    """Lay plugins out by ``group:artifact:version``, with the checksums that ``-C`` insists on."""
    for name, content in files.items():
        group, artifact, version = name.split(":")
        place = folder.joinpath(*group.split("."), artifact, version)
        place.mkdir(parents=True)
        path = place / f"{artifact}-{version}.hpi"
        path.write_bytes(content)
        checksum = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        path.with_name(f"{path.name}.sha1").write_text(checksum)
    return Repository(id="files", url=folder.as_uri())


def forget() -> None:
    """Take what Maven has kept of all such groups out of its local repository."""
    kept = Path.home() / ".m2" / "repository"
    shutil.rmtree(kept.joinpath(*_PARENT.split(".")), ignore_errors=True)
