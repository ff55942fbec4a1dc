"""The whole file tree of an image, for comparing what two builders have made."""

import hashlib
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import cast

import docker


@dataclass(frozen=True)
class Node:
    """What one path is; folders that COPY has made on its way have the time of the build."""

    kind: bytes
    mode: int
    owner: tuple[int, int]
    time_s: int | None
    size: int
    content: str  # sha256 of a file, target of a link


# What an engine puts into every container, whatever the image.
_ENGINE = {
    ".dockerenv",
    "dev",
    "proc",
    "sys",
    "etc/mtab",
    "etc/hosts",
    "etc/hostname",
    "etc/resolv.conf",
}


def tree(reference: str) -> dict[str, Node]:
    """Read an image without running it."""
    with closing(docker.from_env()) as client:
        container = client.containers.create(reference, ["/none"])
        try:
            with tempfile.TemporaryFile() as kept:
                kept.writelines(cast("Iterable[bytes]", container.export()))  # the stub says text
                kept.seek(0)
                tar = tarfile.open(fileobj=kept)  # noqa: SIM115  # the file below is closed
                found = {each.name: _node(tar, each) for each in tar}
        finally:
            container.remove(v=True)
    return {
        name: node
        for name, node in found.items()
        if name not in _ENGINE and name.split("/")[0] not in {"dev", "proc", "sys"}
    }


def _node(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Node:
    content = tar.extractfile(entry) if entry.isreg() else None
    return Node(
        kind=entry.type,
        mode=entry.mode & 0o7777,
        owner=(entry.uid, entry.gid),
        time_s=None if entry.isdir() else int(entry.mtime),
        size=entry.size,
        content=hashlib.sha256(content.read()).hexdigest() if content else entry.linkname,
    )
