"""Files that no index vouches for: by a digest from another host than the file, else on first use.

Each step is told by the ``Trust`` of what comes of it. A path of an update site never changes its
bytes, so what was once believed is remembered, and how far.

Source: design.md section 7.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from builder.errors import FilesUnreachable, ResolutionError, SourceError
from builder.model.digest import Digest
from builder.model.lock import Choice
from builder.model.mirror import Mirror, Wanted
from builder.model.plugin import PluginId, Release, Trust
from builder.model.stored import StoredFile
from builder.ports import World
from builder.sources import inspect
from builder.sources.mirrors import public
from builder.version import Version

_LIMIT = 4096  # bytes of a side-car: a digest and a name
_DIGEST = re.compile(r"[0-9a-fA-F]{64}\b")


_Read = TypeVar("_Read")
_Accept = Callable[[StoredFile], _Read]


class Believed(Struct, Generic[_Read], frozen=True, kw_only=True):
    """A file, what was read in it, and what vouches for its digest."""

    file: StoredFile
    read: _Read
    trust: Trust


def fetch(
    world: World,
    path: PurePosixPath,
    label: str,
    mirrors: tuple[Mirror, ...],
    accept: _Accept[_Read],
) -> Believed[_Read]:
    """Bring one file of an update site into the store whose digest nobody has signed.

    What is not accepted is as good as not there, and the next mirror is asked. What was believed
    is remembered for these mirrors, and for no others: a private one may serve other bytes.

    Args:
        world: where files come from.
        path: of the file below each mirror.
        label: for people.
        mirrors: that may be asked.
        accept: reads the file; refuses with a ``ResolutionError`` what is no such file.

    Raises:
        FilesUnreachable: no mirror has it.
        OfflineMiss: settings say offline, and it was never fetched before.
    """
    said: list[str] = []
    for trust, file in _ways(world, path, label, mirrors, said):
        try:
            read = accept(file)
        except ResolutionError as refused:
            said.append(f"{label}: what came is not it: {getattr(refused, 'fault', refused)}")
            continue
        world.store.remember(_name(trust, path, mirrors), file.digest)
        return Believed(file=file, read=read, trust=trust)
    raise FilesUnreachable(files=(label,), said=tuple(dict.fromkeys(said)))


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
    accept = plugin(world, release.plugin, release.origin, release.version)
    found = fetch(world, release.origin, label, mirrors, accept)
    told = replace(release, digest=found.file.digest, size=found.file.size, trust=found.trust)
    return replace(choice, release=told)


def plugin(
    world: World, name: PluginId, path: PurePosixPath, version: Version
) -> Callable[[StoredFile], Release]:
    """Accept a file that is this release of this plugin."""

    def accept(file: StoredFile) -> Release:
        return inspect.plugin_of(world, file, name, path, version=version)

    return accept


def _ways(
    world: World,
    path: PurePosixPath,
    label: str,
    mirrors: tuple[Mirror, ...],
    said: list[str],
) -> Iterator[tuple[Trust, StoredFile]]:
    """Give the file by each way in turn, the most trustworthy first."""
    for trust in (Trust.SIDECAR, Trust.FIRST_USE):
        digest = world.store.recall(_name(trust, path, mirrors))
        if digest and (file := world.store.check(digest)):
            yield trust, file
    for digest, others in _sidecars(world, path, mirrors):
        wanted = _wanted(path, label, digest)
        yield from ((Trust.SIDECAR, e) for e in _from_each(world, wanted, others, said))
    wanted = _wanted(path, label, None)
    first = _fetched(world, wanted, mirrors, said)
    if first is None:  # all have been asked, and none has it
        return
    yield Trust.FIRST_USE, first
    if len(mirrors) > 1:
        yield from ((Trust.FIRST_USE, e) for e in _from_each(world, wanted, mirrors, said))


def _from_each(
    world: World, wanted: Wanted, mirrors: tuple[Mirror, ...], said: list[str]
) -> Iterator[StoredFile]:
    """Give the file as each mirror has it, leaving out those that have none."""
    for mirror in mirrors:
        if file := _fetched(world, wanted, (mirror,), said):
            yield file


def _name(trust: Trust, path: PurePosixPath, mirrors: tuple[Mirror, ...]) -> str:
    """Name a memory: the public mirrors of Jenkins are one and the same, others are not."""
    roots = sorted({each.files for each in mirrors} - public())
    return f"{trust.value} {path} of {' '.join(roots) or 'public mirrors'}"


def _sidecars(
    world: World, path: PurePosixPath, mirrors: tuple[Mirror, ...]
) -> Iterator[tuple[Digest, tuple[Mirror, ...]]]:
    """Give the digests that mirrors tell, each with the mirrors on other hosts."""
    for mirror in mirrors:
        hosts = {_host(mirror.url(path))}
        if all(_host(each.url(path)) in hosts for each in mirrors):
            continue
        try:
            document = world.documents.fetch(f"{mirror.url(path)}.sha256", limit=_LIMIT)
        except SourceError:
            continue
        hosts.add(_host(document.url))
        text = document.content.path.read_bytes().decode(errors="replace")
        if found := _DIGEST.search(text):
            others = tuple(each for each in mirrors if _host(each.url(path)) not in hosts)
            yield Digest(found[0].lower()), others


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _wanted(path: PurePosixPath, label: str, digest: Digest | None) -> Wanted:
    return Wanted(path=path, url=None, digest=digest, size=None, label=label)


def _fetched(
    world: World, wanted: Wanted, mirrors: tuple[Mirror, ...], said: list[str]
) -> StoredFile | None:
    try:
        (file,) = world.downloads.fetch((wanted,), mirrors)
    except FilesUnreachable as fault:
        said += fault.said
        return None
    return file
