"""``Documents`` over HTTP, cached in the store by URL with what lets a server say "unchanged"."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from builder.adapters import http_faults
from builder.adapters.http_client import Client, bare
from builder.adapters.http_faults import Fault
from builder.adapters.store import FolderStore, document_name
from builder.adapters.store_documents import DocumentRecord
from builder.errors import BodyTooLarge, OfflineMiss, SourceUnreachable
from builder.model.digest import Digest
from builder.model.mirror import Document
from builder.model.stored import StoredFile

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_TRIES = 3
_PAUSE_S = 0.5  # before the second try, doubled for each further one
_CHUNK = 1 << 16  # bytes
_LONGEST_S = 600.0  # for one body
_UNCHANGED = 304


class HttpDocuments:
    """The real ``Documents``."""

    def __init__(
        self,
        store: FolderStore,
        client: Client,
        *,
        offline: bool,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._client = client
        self._offline = offline
        self._pause = pause

    def fetch(self, url: str, *, limit: int) -> Document:
        """Ask the server; offline, the cache."""
        known, content = self._cached(url)
        if self._offline:
            if known is None or content is None:
                raise OfflineMiss(wanted=(bare(url),))
            return _document(content, known, limit)
        said: list[str] = []
        for number in range(_TRIES):
            try:
                return self._ask(url, limit, known, content)
            except Fault as fault:
                said.append(fault.said)
                if not fault.again:
                    break
                if number + 1 < _TRIES:
                    self._pause(fault.wait_s if fault.wait_s is not None else _PAUSE_S * 2**number)
        raise SourceUnreachable(url=bare(url), said=tuple(said))

    def _ask(
        self, url: str, limit: int, known: DocumentRecord | None, content: StoredFile | None
    ) -> Document:
        asked = {"Accept-Encoding": "gzip", **(known.conditions if known else {})}
        with self._client.open(url, asked) as (response, where):
            if response.status == _UNCHANGED:
                if known is None or content is None:
                    raise Fault(said="answered 304 to a question without conditions", again=False)
                record = _record(content.digest, where, response, known)
            else:
                with http_faults.worded():
                    content = self._store.add(_body(response, bare(url), limit))
                record = _record(content.digest, where, response, None)
        self._store.write_document(document_name(url), record)
        return _document(content, record, limit)

    def _cached(self, url: str) -> tuple[DocumentRecord | None, StoredFile | None]:
        record = self._store.document(url)
        content = self._store.check(record.content) if record else None
        return (record, content) if content else (None, None)


def _document(content: StoredFile, record: DocumentRecord, limit: int) -> Document:
    if content.size > limit:  # it was fetched when more was allowed
        raise BodyTooLarge(url=record.url, limit=limit)
    return Document(content=content, seen=record.seen, url=record.url, carried=record.carried)


def _record(
    content: Digest, where: str, response: "BaseHTTPResponse", known: DocumentRecord | None
) -> DocumentRecord:
    return DocumentRecord(
        content=content,
        etag=response.headers.get("ETag") or (known.etag if known else None),
        modified=response.headers.get("Last-Modified") or (known.modified if known else None),
        seen=datetime.now(UTC),
        url=bare(where),
    )


def _body(response: "BaseHTTPResponse", url: str, limit: int) -> Iterator[bytes]:
    """Give the unpacked body, as far as the limit allows."""
    begun, size = time.monotonic(), 0
    for chunk in response.stream(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(url=url, limit=limit)
        if time.monotonic() - begun > _LONGEST_S:
            raise Fault(said=f"took more than {_LONGEST_S:.0f} s")
        yield chunk
