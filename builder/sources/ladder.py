"""Files that no index vouches for: by a digest from another host than the file, else on first use.

Each step is told by the ``Trust`` of what comes of it. A path of an update site never changes its
bytes, so what was once believed is remembered, and how far.

Source: design.md section 7.
"""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from builder.errors import FilesUnreachable, OfflineMiss, SourceError
from builder.model.digest import Digest
from builder.model.lock import Choice
from builder.model.mirror import Mirror, Wanted
from builder.model.plugin import Trust
from builder.model.stored import StoredFile
from builder.ports import World

_LIMIT = 4096  # bytes of a side-car: a digest and a name
_DIGEST = re.compile(r"[0-9a-fA-F]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """A file, and what vouches for its digest."""

    file: StoredFile
    trust: Trust


def fetch(world: World, path: PurePosixPath, label: str, mirrors: tuple[Mirror, ...]) -> Believed:
    """Bring one file of an update site into the store whose digest nobody has signed.

    Raises:
        FilesUnreachable: no mirror has it.
        OfflineMiss: settings say offline, and it was never fetched before.
    """
    for trust in (Trust.SIDECAR, Trust.FIRST_USE):
        digest = world.store.recall(_name(trust, path))
        file = world.store.check(digest) if digest else None
        if file:
            return Believed(file=file, trust=trust)
    found = _by_sidecar(world, path, label, mirrors) or _on_first_use(world, path, label, mirrors)
    world.store.remember(_name(found.trust, path), found.file.digest)
    return found


def seen(world: World, choice: Choice, mirrors: tuple[Mirror, ...]) -> Choice:
    """See the file of a chosen release whose digest no index tells; others stay as they are.

    Raises:
        FilesUnreachable: no mirror has it.
        OfflineMiss: settings say offline, and it was never fetched before.
    """
    release = choice.release
    if release.digest or not isinstance(release.origin, PurePosixPath):
        return choice
    label = f"{release.plugin} {release.version}"
    found = fetch(world, release.origin, label, mirrors)
    told = replace(release, digest=found.file.digest, size=found.file.size, trust=found.trust)
    return replace(choice, release=told)


def _name(trust: Trust, path: PurePosixPath) -> str:
    return f"{trust.value} {path}"


def _by_sidecar(
    world: World, path: PurePosixPath, label: str, mirrors: tuple[Mirror, ...]
) -> Believed | None:
    """Believe a digest of one mirror for the file of another."""
    for mirror in mirrors:
        others = tuple(each for each in mirrors if each.files != mirror.files)
        digest = _sidecar(world, f"{mirror.url(path)}.sha256") if others else None
        if digest:
            wanted = Wanted(path=path, url=None, digest=digest, size=None, label=label)
            try:
                (file,) = world.downloads.fetch((wanted,), others)
            except FilesUnreachable:
                continue
            return Believed(file=file, trust=Trust.SIDECAR)
    return None


def _sidecar(world: World, url: str) -> Digest | None:
    """Read the digest that stands beside a file; None where there is none."""
    try:
        document = world.documents.fetch(url, limit=_LIMIT)
    except (SourceError, OfflineMiss):
        return None
    text = document.content.path.read_bytes().decode(errors="replace")
    found = _DIGEST.search(text)
    return Digest(found[0].lower()) if found else None


def _on_first_use(
    world: World, path: PurePosixPath, label: str, mirrors: tuple[Mirror, ...]
) -> Believed:
    wanted = Wanted(path=path, url=None, digest=None, size=None, label=label)
    (file,) = world.downloads.fetch((wanted,), mirrors)
    return Believed(file=file, trust=Trust.FIRST_USE)
