"""``Documents`` out of memory: URL to bytes, cached in a real store."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from builder.adapters.http_client import bare
from builder.errors import BodyTooLarge, OfflineMiss, SourceUnreachable
from builder.model.mirror import Document
from builder.ports import Store

SEEN = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)


class FakeDocuments:
    """Serves what ``pages`` holds at the moment; ``asked`` lists the URLs in order.

    What ``retold`` makes of a document is told of it instead of the truth.
    """

    def __init__(self, store: Store, pages: Mapping[str, bytes], *, offline: bool = False) -> None:
        self._store = store
        self.pages = dict(pages)
        self.offline = offline
        self.asked: list[str] = []
        self.retold: Callable[[Document], Document] = lambda document: document

    def fetch(self, url: str, *, limit: int) -> Document:
        """Give the page; offline, the one that was last given."""
        if self.offline:
            return self._cached(url)
        self.asked.append(url)
        if url not in self.pages:
            raise SourceUnreachable(url=bare(url), said=("answered 404",))
        if len(self.pages[url]) > limit:
            raise BodyTooLarge(url=bare(url), limit=limit)
        stored = self._store.add([self.pages[url]])
        self._store.remember(f"fake document {url}", stored.digest)
        return self.retold(Document(content=stored, seen=SEEN, url=bare(url)))

    def _cached(self, url: str) -> Document:
        digest = self._store.recall(f"fake document {url}")
        stored = self._store.check(digest) if digest else None
        if stored is None:
            raise OfflineMiss(wanted=(bare(url),))
        return self.retold(Document(content=stored, seen=SEEN, url=bare(url)))
