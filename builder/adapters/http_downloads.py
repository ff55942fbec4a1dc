"""``Downloads`` over HTTP."""

from collections.abc import Iterator

from builder.adapters import http_faults
from builder.adapters.http_client import Client, bare
from builder.adapters.http_faults import Fault
from builder.adapters.store import FolderStore
from builder.errors import FilesUnreachable, OfflineMiss
from builder.model.build import StoredFile
from builder.model.mirror import Mirror, Wanted
from builder.ports import Progress, unheard

_CHUNK = 1 << 18  # bytes


class HttpDownloads:
    """The real ``Downloads``."""

    def __init__(
        self, store: FolderStore, client: Client, *, offline: bool, progress: Progress = unheard
    ) -> None:
        self._store = store
        self._client = client
        self._offline = offline
        self._progress = progress

    def fetch(
        self, wanted: tuple[Wanted, ...], mirrors: tuple[Mirror, ...]
    ) -> tuple[StoredFile, ...]:
        """Take what the store holds, and fetch the rest."""
        held = {each: self._store.find(each.digest) if each.digest else None for each in wanted}
        missing = tuple(each for each, file in held.items() if file is None)
        if missing and self._offline:
            raise OfflineMiss(wanted=tuple(each.label for each in missing))
        said: list[str] = []
        for each in missing:
            held[each] = self._fetched(each, mirrors, said)
        files = tuple(each.label for each in missing if held[each] is None)
        if files:
            raise FilesUnreachable(files=files, said=tuple(said))
        return tuple(file for each in wanted if (file := held[each]) is not None)

    def _fetched(
        self, wanted: Wanted, mirrors: tuple[Mirror, ...], said: list[str]
    ) -> StoredFile | None:
        urls = [wanted.url] if wanted.url else [f"{each.files}{wanted.path}" for each in mirrors]
        for url in urls:
            try:
                stored = self._store.add(self._body(url))
            except Fault as fault:
                said.append(f"{wanted.label}: {bare(url)} {fault}")
                continue
            if wanted.digest in {None, stored.digest}:
                return stored
            said.append(f"{wanted.label}: {bare(url)} sent other bytes")
        return None

    def _body(self, url: str) -> Iterator[bytes]:
        with self._client.open(url, {}) as response, http_faults.worded():
            yield from response.stream(_CHUNK, decode_content=False)
