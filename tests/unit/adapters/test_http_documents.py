"""Documents over HTTP: what is asked, when it is asked again, what is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.adapters.http_documents import HttpDocuments
from builder.adapters.store import FolderStore
from builder.errors import SourceUnreachable
from tests.contracts.stands import client
from tests.support.faults import Fault
from tests.support.mirror import PAGE, Mirror

_PATH = "updates/update-center.json"
_CONTENT = b'{"id": "default"}' * 1000


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror({_PATH: _CONTENT}).running() as running:
        yield running


class _Desk:
    """Documents that note how long they would have waited."""

    def __init__(self, folder: Path) -> None:
        self.waited: list[float] = []
        self._documents = HttpDocuments(
            FolderStore(folder), client(0.5), offline=False, pause=self.waited.append
        )

    def read(self, mirror: Mirror, path: str = _PATH) -> bytes:
        """Fetch a document."""
        return self._documents.fetch(f"{mirror.url}{path}", limit=1 << 20).content.path.read_bytes()


def test_what_has_not_changed_is_not_sent_again(mirror: Mirror, tmp_path: Path) -> None:
    desk = _Desk(tmp_path)
    assert [desk.read(mirror), desk.read(mirror)] == [_CONTENT, _CONTENT]
    assert [each.status for each in mirror.log] == [200, 304]
    assert "if-modified-since" in mirror.log[1].headers


def test_it_comes_packed_where_the_server_can(mirror: Mirror, tmp_path: Path) -> None:
    mirror.zipped = True
    assert _Desk(tmp_path).read(mirror) == _CONTENT
    assert mirror.log[0].size < len(_CONTENT) / 10


@pytest.mark.parametrize(
    "fault", [Fault.GONE, Fault.UNAVAILABLE, Fault.TOO_MANY, Fault.DROP, Fault.STALL]
)
def test_what_may_pass_is_tried_again(fault: Fault, mirror: Mirror, tmp_path: Path) -> None:
    mirror.fault(fault, first=2)
    assert _Desk(tmp_path).read(mirror) == _CONTENT


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.GONE, "the answer broke off"),
        (Fault.UNAVAILABLE, "answered 503"),
        (Fault.TOO_MANY, "answered 429"),
        (Fault.DROP, "the answer broke off"),
        (Fault.STALL, "nothing came for too long"),
    ],
)
def test_three_tries_are_enough_and_each_is_told(
    fault: Fault, said: str, mirror: Mirror, tmp_path: Path
) -> None:
    mirror.fault(fault)
    with pytest.raises(SourceUnreachable) as caught:
        _Desk(tmp_path).read(mirror)
    assert caught.value.said == (said, said, said)


def test_a_server_says_how_long_to_wait(mirror: Mirror, tmp_path: Path) -> None:
    mirror.fault(Fault.TOO_MANY, first=2)
    mirror.retry_after = "7"
    desk = _Desk(tmp_path)
    desk.read(mirror)
    assert desk.waited == [7.0, 7.0]
    mirror.retry_after = None
    mirror.fault(Fault.UNAVAILABLE)
    with pytest.raises(SourceUnreachable):
        desk.read(mirror)
    assert desk.waited[2:] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("given", "waited"),
    [
        ("100000", 60.0),
        ("-5", 0.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
        ("soon", 0.5),
        ("nan", 0.5),
    ],
)
def test_a_wait_is_never_longer_than_a_minute(
    given: str, waited: float, mirror: Mirror, tmp_path: Path
) -> None:
    mirror.fault(Fault.UNAVAILABLE, first=1)
    mirror.retry_after = given
    desk = _Desk(tmp_path)
    desk.read(mirror)
    assert desk.waited == [waited]


@pytest.mark.parametrize(
    ("fault", "said"),
    [(Fault.NOT_FOUND, "answered 404"), (Fault.LOOP, "redirects without end")],
)
def test_what_will_not_pass_is_not_tried_again(
    fault: Fault, said: str, mirror: Mirror, tmp_path: Path
) -> None:
    mirror.fault(fault)
    with pytest.raises(SourceUnreachable) as caught:
        _Desk(tmp_path).read(mirror)
    assert caught.value.said == (said,)


def test_a_web_page_is_handed_on_for_the_reader_to_judge(mirror: Mirror, tmp_path: Path) -> None:
    mirror.fault(Fault.PAGE)
    assert _Desk(tmp_path).read(mirror) == PAGE


def test_nobody_there_is_told_in_words_without_the_query(tmp_path: Path) -> None:
    with Mirror({}).running() as gone:
        url = gone.url
    documents = HttpDocuments(FolderStore(tmp_path), client(), offline=False, pause=lambda _: None)
    with pytest.raises(SourceUnreachable) as caught:
        documents.fetch(f"{url}a?token=s3cret", limit=9)
    assert caught.value.said[0] == "Connection refused"
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "http://u:s3cret@127.0.0.1/x", "http://[/x", "nothing", "file:/x"]
)
def test_what_is_no_url_for_us_is_refused_without_its_secrets(url: str, tmp_path: Path) -> None:
    documents = HttpDocuments(FolderStore(tmp_path), client(), offline=False)
    with pytest.raises(SourceUnreachable) as caught:
        documents.fetch(url, limit=9)
    assert len(caught.value.said) == 1
    assert "s3cret" not in str(caught.value)
