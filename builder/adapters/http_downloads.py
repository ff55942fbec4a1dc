"""``Downloads`` over HTTP: connections that do what the schedule says, side by side."""

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from builder.adapters.faults import disk_faults
from builder.adapters.http_client import Client, bare
from builder.adapters.http_crew import Crew, Job
from builder.adapters.store import FolderStore
from builder.errors import FilesUnreachable, OfflineMiss
from builder.model.mirror import Mirror, Wanted
from builder.model.stored import StoredFile
from builder.ports import Progress, unheard
from builder.schedule import Place

_CHUNK = 1 << 20  # bytes


class Instead(Struct, frozen=True, kw_only=True):
    """The mirrors that the user's settings put in the place of public ones."""

    mirrors: tuple[Mirror, ...] = ()
    public: frozenset[str] = frozenset()  # roots of files

    def of(self, mirrors: tuple[Mirror, ...]) -> tuple[Mirror, ...]:
        """Choose; files that lie on private mirrors are looked for nowhere else.

        Whoever asks for one mirror means that one: a digest of another may rest on it.
        """
        if len(mirrors) == 1:
            return mirrors
        everybodys = all(each.files in self.public for each in mirrors)
        return self.mirrors if self.mirrors and everybodys else mirrors


_NOTHING = Instead()


class HttpDownloads:
    """The real ``Downloads``."""

    def __init__(
        self,
        store: FolderStore,
        client: Client,
        *,
        offline: bool,
        progress: Progress = unheard,
        instead: Instead = _NOTHING,
    ) -> None:
        self._store = store
        self._client = client
        self._offline = offline
        self._progress = progress
        self._instead = instead

    def fetch(
        self, wanted: tuple[Wanted, ...], mirrors: tuple[Mirror, ...]
    ) -> tuple[StoredFile, ...]:
        """Take what the store holds, copy what is local, and fetch the rest."""
        held = {each: self._store.find(each.digest) if each.digest else None for each in wanted}
        missing = tuple(each for each, file in held.items() if file is None)
        if missing and self._offline:
            raise OfflineMiss(wanted=tuple(each.label for each in missing))
        said: list[str] = []
        local = tuple(each for each in missing if (each.url or "").startswith("file:"))
        held |= {each: self._copied(each, said) for each in local}
        remote = tuple(each for each in missing if each not in local)
        held |= self._fetched(remote, mirrors, said)
        if lost := tuple(each.label for each, file in held.items() if file is None):
            raise FilesUnreachable(files=lost, said=tuple(said))
        return tuple(file for each in wanted if (file := held[each]) is not None)

    def _fetched(
        self, remote: tuple[Wanted, ...], mirrors: tuple[Mirror, ...], said: list[str]
    ) -> dict[Wanted, StoredFile | None]:
        if not remote:
            return {}
        places = _Places(self._instead.of(mirrors))
        jobs = tuple(
            Job(digest=each.digest, size=each.size, urls=places.urls(each)) for each in remote
        )
        crew = Crew(self._store, self._client, jobs, places.all)
        files = crew.run(self._progress)
        for each, words in zip(remote, crew.said(), strict=True):
            said.extend(f"{each.label}: {name} {text}" for name, text in words)
        return dict(zip(remote, files, strict=True))

    def _copied(self, wanted: Wanted, said: list[str]) -> StoredFile | None:
        parts = urlsplit(wanted.url or "")
        path = Path(unquote(parts.path))
        if parts.netloc not in {"", "localhost"} or not path.is_file():
            said.append(f"{wanted.label}: {path} is no file on this machine")
            return None
        with disk_faults(path), path.open("rb") as content:
            stored = self._store.add(iter(lambda: content.read(_CHUNK), b""))
        if wanted.digest in {None, stored.digest}:
            return stored
        said.append(f"{wanted.label}: {path} holds other bytes")
        return None


class _Places:
    """The mirrors, and the servers of single URLs behind them."""

    def __init__(self, mirrors: tuple[Mirror, ...]) -> None:
        self._mirrors = mirrors
        self._all = [Place(name=each.name, host=_host(each.files)) for each in mirrors]

    @property
    def all(self) -> tuple[Place, ...]:
        """List them."""
        return tuple(self._all)

    def urls(self, wanted: Wanted) -> tuple[tuple[int, str], ...]:
        """Say where a file may lie, by place."""
        if wanted.url is None:
            path = wanted.path or PurePosixPath()
            return tuple((n, each.url(path)) for n, each in enumerate(self._mirrors))
        host = _host(wanted.url)
        known = [n for n, each in enumerate(self._all) if each.host == each.name == host]
        if not known:
            self._all.append(Place(name=host, host=host))
        return (((known or [len(self._all) - 1])[0], wanted.url),)


def _host(url: str) -> str:
    try:
        return urlsplit(bare(url)).netloc or "no host"
    except ValueError:
        return "no host"
