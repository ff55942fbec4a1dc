"""What COPY puts where: the folders of an image so far, and the entries of one more layer.

A layer names every folder above its files with what that folder is below: an engine that unpacks
layers apart from each other would give it mode 0755 and root otherwise.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder.model.build import ContextFile
from builder.model.digest import Digest

ROOT = PurePosixPath("/")
NEW_S = 946_684_800  # 2000-01-01T00:00:00Z: the time of folders that nobody described
_MOST_LINKS = 40  # as Linux has it


class Owner(Struct, frozen=True):
    """Who owns a file, by number."""

    user: int = 0
    group: int = 0

    @classmethod
    def parse(cls, text: str) -> "Owner":
        """Read ``UID`` or ``UID:GID``.

        Raises:
            ValueError: names, which nothing but the image's own files could explain.
        """
        user, colon, group = text.partition(":")
        return cls(int(user), int(group) if colon else int(user))


class Folder(Struct, frozen=True, kw_only=True):
    """One folder of an image."""

    mode: int
    owner: Owner
    time_s: int


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a layer; a folder where ``source`` is None."""

    path: PurePosixPath  # absolute
    mode: int
    owner: Owner
    time_s: int
    source: Path | bytes | None
    digest: Digest | None = None  # of a file on disk, where it is known


class Rootfs(Struct, frozen=True, kw_only=True):
    """Folders and links of an image, by absolute path; files do not matter."""

    folders: Mapping[PurePosixPath, Folder]
    links: Mapping[PurePosixPath, str]

    def resolved(self, path: PurePosixPath) -> PurePosixPath:
        """Follow links, inside the image.

        Raises:
            ValueError: they lead in a circle.
        """
        found, left, followed = ROOT, list(path.parts[1:]), 0
        while left:
            part = left.pop(0)
            at = found.parent if part == ".." else found / part
            target = self.links.get(at)
            if target is None:
                found = at
                continue
            followed += 1
            if followed > _MOST_LINKS:
                raise ValueError(str(path))
            to = PurePosixPath(target)
            found = ROOT if to.is_absolute() else found
            left = [each for each in to.parts if each != "/"] + left
        return found


class Copy(Struct, frozen=True, kw_only=True):
    """One COPY."""

    sources: tuple[str, ...]
    target: PurePosixPath  # absolute
    into: bool  # the target was written with a slash at its end
    owner: Owner = Owner()


def copied(below: Rootfs, files: Iterable[ContextFile], copy: Copy) -> tuple[Rootfs, list[Entry]]:
    """Give the entries of a layer, a folder before what it holds, and the image after it.

    Raises:
        LookupError: the context has no such file.
        ValueError: the target cannot be what it would have to be.
    """
    by_name = {each.name: each for each in files}
    layer = _Layer(below, copy.owner)
    for source in copy.sources:
        name = PurePosixPath(*(part for part in PurePosixPath(source).parts if part != "/"))
        found = by_name.get(name)
        if found is None and name != PurePosixPath():
            raise LookupError(source)
        if found is not None and found.source is not None:
            layer.put(found, _target(below, copy, name))
            continue
        layer.need(copy.target)
        for each in by_name.values():
            if each.name != name and each.name.is_relative_to(name):
                layer.put(each, copy.target / each.name.relative_to(name))
    return layer.after(), layer.entries()


def made(below: Rootfs, folder: PurePosixPath) -> tuple[Rootfs, list[Entry]]:
    """Give the layer that makes a folder; no entries where it is there."""
    layer = _Layer(below, Owner())
    if below.resolved(folder) not in below.folders:
        layer.need(folder)
    return layer.after(), layer.entries()


def _target(below: Rootfs, copy: Copy, name: PurePosixPath) -> PurePosixPath:
    """Say where a single file goes."""
    into = copy.into or below.resolved(copy.target) in below.folders
    if len(copy.sources) > 1 and not copy.into:
        fault = f"{copy.target} has to end with a slash where it is to hold several files"
        raise ValueError(fault)
    return copy.target / name.name if into else copy.target


class _Layer:
    """Entries in the making."""

    def __init__(self, below: Rootfs, owner: Owner) -> None:
        self._folders = dict(below.folders)
        self._links = dict(below.links)
        self._owner = owner
        self._entries: dict[PurePosixPath, Entry] = {}

    def put(self, file: ContextFile, target: PurePosixPath) -> None:
        """Add a file or a folder of the context."""
        if file.source is None:
            path = self._so_far().resolved(target)
            self.need(path.parent)
            folder = Folder(mode=file.mode, owner=self._owner, time_s=file.time_s)
            self._folder(path, folder)
            return
        path = self._so_far().resolved(target.parent) / target.name
        self.need(path.parent)
        if path in self._folders:
            fault = f"{path} is a folder"
            raise ValueError(fault)
        self._links.pop(path, None)
        self._entries[path] = Entry(
            path=path,
            mode=file.mode,
            owner=self._owner,
            time_s=file.time_s,
            source=file.source,
            digest=file.digest,
        )

    def need(self, target: PurePosixPath) -> None:
        """Name a folder and all above it; make those that are not there.

        One that is there keeps its mode and owner. Its time becomes ours: bases of several
        platforms differ in it, and what lies above them is to be one layer for all.
        """
        path = self._so_far().resolved(target)
        new = Folder(mode=0o755, owner=self._owner, time_s=NEW_S)
        for each in (*reversed(path.parents), path):
            if each != ROOT and each not in self._entries:
                self._folder(each, replace(self._folders.get(each, new), time_s=NEW_S))

    def after(self) -> Rootfs:
        """Give the image with this layer."""
        return self._so_far()

    def entries(self) -> list[Entry]:
        """Give the layer's entries in order."""
        return sorted(self._entries.values(), key=lambda each: each.path.parts)

    def _folder(self, path: PurePosixPath, folder: Folder) -> None:
        self._folders[path] = folder
        self._entries[path] = Entry(
            path=path, mode=folder.mode, owner=folder.owner, time_s=folder.time_s, source=None
        )

    def _so_far(self) -> Rootfs:
        return Rootfs(folders=self._folders, links=self._links)
