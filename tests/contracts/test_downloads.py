"""The contract of ``Downloads``, line by line, for the fake and the real one."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.errors import FilesUnreachable, OfflineMiss
from builder.model.digest import Digest
from builder.model.mirror import Wanted
from tests.contracts.stands import Stand, stand

_CONTENT = {f"plugins/p{n}/1/p{n}.hpi": bytes([n]) * (n * 1000 + 1) for n in range(4)}
_WANTED = tuple(
    Wanted(
        path=PurePosixPath(path),
        url=None,
        digest=Digest.of(content),
        size=len(content),
        label=f"p{n} 1",
    )
    for n, (path, content) in enumerate(_CONTENT.items())
)
_FIRST = _WANTED[1]


@pytest.fixture(params=[False, True], ids=["fake", "real"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path, real=bool(request.param)) as found:
        yield found


def test_every_file_comes_in_the_order_it_was_wished_for(made: Stand) -> None:
    made.pages[0].update(_CONTENT)
    found = made.downloads().fetch(_WANTED, made.mirrors)
    assert [each.digest for each in found] == [each.digest for each in _WANTED]
    assert [each.path.read_bytes() for each in found] == list(_CONTENT.values())
    assert all(made.store.check(each.digest) == each for each in found)


def test_nothing_wished_is_nothing_fetched(made: Stand) -> None:
    assert made.downloads().fetch((), made.mirrors) == ()


def test_what_the_store_holds_reaches_nothing(made: Stand) -> None:
    stored = made.store.add([_CONTENT[str(_FIRST.path)]])
    assert made.downloads(offline=True).fetch((_FIRST,), ()) == (stored,)


def test_offline_what_the_store_does_not_hold_is_missed(made: Stand) -> None:
    made.pages[0].update(_CONTENT)
    made.store.add([_CONTENT[str(_FIRST.path)]])
    with pytest.raises(OfflineMiss) as caught:
        made.downloads(offline=True).fetch(_WANTED, made.mirrors)
    assert caught.value.wanted == ("p0 1", "p2 1", "p3 1")


def test_a_file_that_one_mirror_lacks_comes_from_the_other(made: Stand) -> None:
    made.pages[1].update(_CONTENT)
    (found,) = made.downloads().fetch((_FIRST,), made.mirrors)
    assert found.digest == _FIRST.digest


def test_a_file_that_is_wrong_on_one_mirror_comes_from_the_other(made: Stand) -> None:
    made.pages[0][str(_FIRST.path)] = bytes(len(_CONTENT[str(_FIRST.path)]))
    made.pages[1].update(_CONTENT)
    (found,) = made.downloads().fetch((_FIRST,), made.mirrors)
    assert found.digest == _FIRST.digest


def test_what_no_mirror_has_is_told_file_by_file_and_mirror_by_mirror(made: Stand) -> None:
    made.pages[0].update(dict(list(_CONTENT.items())[:3]))
    made.pages[1][str(_WANTED[3].path)] = bytes(len(_CONTENT[str(_WANTED[3].path)]))
    lost = replace(_FIRST, path=PurePosixPath("plugins/none.hpi"), digest=Digest.of(b"none"))
    with pytest.raises(FilesUnreachable) as caught:
        made.downloads().fetch((*_WANTED, replace(lost, label="none 2")), made.mirrors)
    assert caught.value.files == ("p3 1", "none 2")
    assert caught.value.said == (
        "p3 1: m0 answered 404",
        "p3 1: m1 sent other bytes",
        "none 2: m0 answered 404",
        "none 2: m1 answered 404",
    )
    assert made.store.find(Digest.of(_CONTENT[str(_FIRST.path)]))  # what did arrive is kept


def test_without_a_digest_the_first_bytes_that_come_are_believed(made: Stand) -> None:
    made.pages[1].update(_CONTENT)
    wished = replace(_FIRST, digest=None, size=None)
    (found,) = made.downloads().fetch((wished,), made.mirrors)
    assert found.digest == _FIRST.digest


@pytest.mark.parametrize("known", [True, False])
def test_a_file_at_a_url_needs_no_mirror(made: Stand, *, known: bool) -> None:
    made.pages[1]["a b.hpi"] = b"some plugin"
    url = f"{made.roots[1]}a b.hpi"
    digest = Digest.of(b"some plugin") if known else None
    wished = Wanted(path=None, url=url, digest=digest, size=None, label="a 1")
    (found,) = made.downloads().fetch((wished,), ())
    assert found.path.read_bytes() == b"some plugin"
