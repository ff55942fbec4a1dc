"""The contract of ``Documents``, line by line, for the fake and the real one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.errors import BodyTooLarge, OfflineMiss, SourceUnreachable
from tests.contracts.stands import Stand, stand


@pytest.fixture(params=[False, True], ids=["fake", "real"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path, real=bool(request.param)) as found:
        yield found


def test_a_document_comes_as_it_is_now(made: Stand) -> None:
    url = f"{made.roots[0]}updates/update-center.json"
    for content in (b"{}", b'{"id": "default"}'):
        made.pages[0]["updates/update-center.json"] = content
        found = made.documents().fetch(url, limit=100)
        assert found.content.path.read_bytes() == content
        assert found.url == url
        assert found.seen <= datetime.now(UTC)


def test_a_query_and_a_password_show_nowhere(made: Stand) -> None:
    made.pages[0]["a.json"] = b"{}"
    if not made.real:
        made.pages[0]["a.json?token=s3cret"] = b"{}"
    found = made.documents().fetch(f"{made.roots[0]}a.json?token=s3cret", limit=100)
    assert found.url == f"{made.roots[0]}a.json"
    with pytest.raises(SourceUnreachable) as caught:
        made.documents().fetch(f"{made.roots[0]}none.json?token=s3cret", limit=100)
    assert caught.value.url == f"{made.roots[0]}none.json"
    kept = [each.name + each.read_text(errors="replace") for each in made.store.root.rglob("*.*")]
    assert not any("s3cret" in each for each in (str(caught.value), *kept))


def test_what_is_not_there_is_unreachable_and_says_why(made: Stand) -> None:
    with pytest.raises(SourceUnreachable) as caught:
        made.documents().fetch(f"{made.roots[0]}none.json", limit=100)
    assert caught.value.said == ("answered 404",)


def test_a_document_of_exactly_the_limit_is_not_too_large(made: Stand) -> None:
    made.pages[0]["a.json"] = b"12345"
    assert made.documents().fetch(f"{made.roots[0]}a.json", limit=5).content.size == 5
    with pytest.raises(BodyTooLarge) as caught:
        made.documents().fetch(f"{made.roots[0]}a.json", limit=4)
    assert (caught.value.url, caught.value.limit) == (f"{made.roots[0]}a.json", 4)


def test_offline_it_comes_as_it_was_last_seen(made: Stand) -> None:
    url = f"{made.roots[0]}a.json"
    made.pages[0]["a.json"] = b"old"
    seen = made.documents().fetch(url, limit=100).seen
    made.pages[0]["a.json"] = b"new"
    found = made.documents(offline=True).fetch(url, limit=100)
    assert (found.content.path.read_bytes(), found.seen, found.url) == (b"old", seen, url)


def test_offline_what_was_never_seen_is_missed(made: Stand) -> None:
    with pytest.raises(OfflineMiss) as caught:
        made.documents(offline=True).fetch(f"{made.roots[0]}a.json?version=2", limit=100)
    assert caught.value.wanted == (f"{made.roots[0]}a.json",)


def test_a_cached_document_whose_bytes_have_changed_does_not_count(made: Stand) -> None:
    url = f"{made.roots[0]}a.json"
    made.pages[0]["a.json"] = b"right"
    made.documents().fetch(url, limit=100).content.path.write_bytes(b"wrong")
    with pytest.raises(OfflineMiss):
        made.documents(offline=True).fetch(url, limit=100)
    assert made.documents().fetch(url, limit=100).content.path.read_bytes() == b"right"
