"""A server, made up or real, and the ports that read from it: what their contracts share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from builder.adapters.http_client import Client
from builder.adapters.http_documents import HttpDocuments
from builder.adapters.http_downloads import HttpDownloads
from builder.adapters.store import FolderStore
from builder.model import mirror as model
from builder.ports import Documents, Downloads
from builder.settings import Network
from tests.fakes.documents import FakeDocuments
from tests.fakes.downloads import FakeDownloads
from tests.support.mirror import Mirror

ROOT = "http://mirror.example/"


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Two mirrors with files, and the ports over them; ``documents`` reads from the first."""

    store: FolderStore
    roots: tuple[str, str]
    pages: tuple[dict[str, bytes], dict[str, bytes]]  # by path below the root
    real: tuple[Mirror, Mirror] | None

    @property
    def mirrors(self) -> tuple[model.Mirror, ...]:
        """Give both."""
        return tuple(
            model.Mirror(name=f"m{n}", files=root, updates=f"{root}updates/")
            for n, root in enumerate(self.roots)
        )

    def documents(self, *, offline: bool = False) -> Documents:
        """Read documents over the store's cache."""
        if self.real:
            return HttpDocuments(self.store, client(), offline=offline, pause=lambda _: None)
        return FakeDocuments(self.store, self._by_url(), offline=offline)

    def downloads(self, *, offline: bool = False) -> Downloads:
        """Fetch files into the store."""
        if self.real:
            return HttpDownloads(self.store, client(), offline=offline)
        return FakeDownloads(self.store, self._by_url(), offline=offline)

    def _by_url(self) -> dict[str, bytes]:
        return {
            f"{root}{path}": content
            for root, pages in zip(self.roots, self.pages, strict=True)
            for path, content in pages.items()
        }


def client(timeout_s: float = 2.0) -> Client:
    """Reach servers without patience."""
    return Client(Network(timeout_s=timeout_s))


@contextmanager
def stand(folder: Path, *, real: bool) -> Iterator[Stand]:
    """Set it up."""
    store = FolderStore(folder)
    pages: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    if not real:
        roots = (ROOT, "http://other.example/")
        yield Stand(store=store, roots=roots, pages=pages, real=None)
        return
    with Mirror(pages[0], name="m0").running() as one, Mirror(pages[1], name="m1").running() as two:
        yield Stand(store=store, roots=(one.url, two.url), pages=pages, real=(one, two))
