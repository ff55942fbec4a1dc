"""Where the files of an update site can be had: roots that serve the same relative paths."""

from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from msgspec import Struct

from builder.model.digest import Digest
from builder.model.stored import StoredFile


class Mirror(Struct, frozen=True, kw_only=True):
    """One place that serves an update site's files; never trusted, only tried."""

    name: str  # a preset's name, or the host
    files: str  # URL, ends in ``/``; ``plugins/...``, ``war/...`` and ``war-stable/...`` lie below
    updates: str  # URL, ends in ``/``; ``update-center.json`` lies below
    plugins: str | None = None  # URL, ends in ``/``, instead of ``plugins/`` below ``files``

    def url(self, path: PurePosixPath) -> str:
        """Say where it serves a file."""
        if self.plugins and path.parts[0] == "plugins":
            return f"{self.plugins}{quote(str(path.relative_to('plugins')))}"
        return f"{self.files}{quote(str(path))}"


class Wanted(Struct, frozen=True, kw_only=True):
    """One file to be fetched: from a path below every mirror, or from one URL."""

    path: PurePosixPath | None  # below ``Mirror.files``
    url: str | None  # of a ``url:`` wish; exactly one of the two is given
    digest: Digest | None  # None: the first bytes that come are believed
    size: int | None  # bytes
    label: str  # for people: ``git 5.2.2``, without secrets


class Document(Struct, frozen=True, kw_only=True):
    """A small document of an update site, as it came."""

    content: StoredFile
    seen: datetime  # UTC: when a server last said that this is what it serves
    url: str  # where it came from after redirects, without secrets
    carried: datetime | None = None  # when a bundle brought it, whose word ``seen`` then is


class Health(Struct, frozen=True, kw_only=True):
    """What was seen of a mirror."""

    mirror: Mirror
    said: str | None  # why it is of no use; None where it answers
    latency_s: float | None  # to the first byte
    speed: float | None  # bytes a second, of one connection
    generated: datetime | None  # the index that it serves; else when its copy was made


class Standing(Struct, frozen=True, kw_only=True):
    """Whether downloads would use a mirror, and why."""

    health: Health
    rank: int | None  # 1 is asked first; None: not asked while others do
    why: str
