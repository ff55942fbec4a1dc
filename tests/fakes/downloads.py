"""``Downloads`` out of memory: URL to bytes, kept in a real store."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from builder.errors import FilesUnreachable, OfflineMiss
from builder.model.digest import Digest
from builder.model.mirror import Mirror, Wanted
from builder.model.stored import StoredFile
from builder.ports import Store


class FakeDownloads:
    """Asks mirrors in their order; ``asked`` lists the URLs in order."""

    def __init__(self, store: Store, files: Mapping[str, bytes], *, offline: bool = False) -> None:
        self._store = store
        self.files = dict(files)
        self.offline = offline
        self.asked: list[str] = []

    def fetch(
        self, wanted: tuple[Wanted, ...], mirrors: tuple[Mirror, ...]
    ) -> tuple[StoredFile, ...]:
        """Give each file whose bytes are right."""
        held = {each: self._store.find(each.digest) if each.digest else None for each in wanted}
        missing = tuple(each for each, file in held.items() if file is None)
        if missing and self.offline:
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
        places = [(each.name, each.url(wanted.path)) for each in mirrors if wanted.path]
        if wanted.url:
            places = [(urlsplit(wanted.url).netloc, wanted.url)]
        for name, url in places:
            self.asked.append(url)
            content = self.files.get(url)
            if content is not None and wanted.digest in {None, Digest.of(content)}:
                return self._store.add([content])
            fault = "answered 404" if content is None else "sent other bytes"
            said.append(f"{wanted.label}: {name} {fault}")
        return None
