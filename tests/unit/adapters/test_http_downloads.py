"""Downloads against mirrors that do wrong: each fault alone, all at once, and what is asked."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.adapters.http_client import Client
from builder.adapters.http_downloads import HttpDownloads, Instead
from builder.adapters.store import FolderStore
from builder.errors import FilesUnreachable
from builder.model.digest import Digest
from builder.model.mirror import Wanted
from builder.model.stored import StoredFile
from builder.settings import Network
from tests.support.faults import Fault
from tests.support.mirror import Mirror
from tests.support.site import Site

_SITE = Site((100, 40_000, 5_000_000, *[3_000] * 20))
_BIG = "plugins/plugin-002/1.2/plugin-002.hpi"


@pytest.fixture
def mirrors() -> Iterator[tuple[Mirror, ...]]:
    with ExitStack() as stack:
        yield tuple(
            stack.enter_context(Mirror(_SITE.files, name=f"m{n}").running()) for n in range(3)
        )


def _fetch(
    folder: Path, wanted: tuple[Wanted, ...], mirrors: tuple[Mirror, ...], **network: object
) -> tuple[StoredFile, ...]:
    client = Client(Network(**{"timeout_s": 2.0, "rest_s": 0.01, **network}))  # type: ignore[arg-type]  # as given
    downloads = HttpDownloads(FolderStore(folder), client, offline=False)
    return downloads.fetch(wanted, tuple(each.model for each in mirrors))


def _right(found: tuple[StoredFile, ...], wanted: tuple[Wanted, ...] = _SITE.wanted) -> bool:
    return [Digest.of(each.path.read_bytes()) for each in found] == [e.digest for e in wanted]


def _of(path: str) -> Wanted:
    return next(each for each in _SITE.wanted if str(each.path) == path)


def test_a_large_file_comes_in_ranges_and_every_byte_once(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    assert _right(_fetch(tmp_path, (_of(_BIG),), mirrors[:1]), (_of(_BIG),))
    assert sorted(each.start for each in mirrors[0].log) == [0, 2 << 20]
    assert mirrors[0].served(_BIG) == len(_SITE.files[_BIG])


@pytest.mark.parametrize("fault", list(Fault), ids=lambda each: each.value)
def test_one_mirror_of_three_with_one_fault_changes_nothing(
    fault: Fault, mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    mirrors[0].fault(fault)
    assert _right(_fetch(tmp_path, _SITE.wanted, mirrors))


def test_every_fault_on_one_mirror_at_once_changes_nothing(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    for fault, path in zip(list(Fault) * 2, _SITE.files, strict=False):
        mirrors[0].fault(fault, path)
    assert _right(_fetch(tmp_path, _SITE.wanted, mirrors))


_PASSING = {
    Fault.STALL,
    Fault.DROP,
    Fault.NO_RANGE,
    Fault.SHORT_RANGE,
    Fault.TOO_MANY,
    Fault.UNAVAILABLE,
    Fault.LOOP,
    Fault.GONE,
}


@pytest.mark.parametrize("fault", list(Fault), ids=lambda each: each.value)
def test_a_fault_that_passes_is_got_over_without_another_mirror(
    fault: Fault, mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    mirrors[0].fault(fault, _BIG, first=1)
    if fault in _PASSING:
        assert _right(_fetch(tmp_path, (_of(_BIG),), mirrors[:1]), (_of(_BIG),))
    else:
        with pytest.raises(FilesUnreachable):
            _fetch(tmp_path, (_of(_BIG),), mirrors[:1])


_SAID = {
    Fault.WRONG_PLACE: "answered 206 with another range than the one asked for",
    Fault.NOT_FOUND: "answered 404",
    Fault.TOO_MANY: "answered 429",
    Fault.UNAVAILABLE: "answered 503",
    Fault.PAGE: "sent a web page",
    Fault.WRONG_FILE: "sent other bytes",
    Fault.WRONG_BYTES: "sent other bytes",
    Fault.TOO_FEW: f"has {len(_SITE.files[_BIG]) // 2} bytes, not {len(_SITE.files[_BIG])}",
    Fault.LOOP: "redirects without end",
}


@pytest.mark.parametrize("fault", list(_SAID), ids=lambda each: each.value)
def test_what_every_mirror_did_is_told_mirror_by_mirror(
    fault: Fault, mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    for each in mirrors[:2]:
        each.fault(fault)
    with pytest.raises(FilesUnreachable) as caught:
        _fetch(tmp_path, (_of(_BIG),), mirrors[:2])
    assert caught.value.files == ("plugin-002",)
    assert caught.value.said == tuple(f"plugin-002: {m} {_SAID[fault]}" for m in ("m0", "m1"))


def test_a_size_that_nobody_knows_is_learned(mirrors: tuple[Mirror, ...], tmp_path: Path) -> None:
    wanted = tuple(replace(each, size=None) for each in _SITE.wanted)
    assert _right(_fetch(tmp_path, wanted, mirrors))


def test_a_mirror_that_tells_a_wrong_size_first_is_found_out(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    mirrors[0].fault(Fault.TOO_FEW)
    wanted = tuple(replace(each, size=None) for each in _SITE.wanted)
    assert _right(_fetch(tmp_path, wanted, mirrors[:2]))


def test_without_a_digest_one_mirror_alone_serves_a_file(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    wished = replace(_of(_BIG), digest=None, size=None)
    mirrors[0].fault(Fault.DROP, first=2)
    assert _right(_fetch(tmp_path, (wished,), mirrors), (_of(_BIG),))
    assert [len(each.log) for each in mirrors] == [3, 0, 0]


def test_no_host_ever_has_more_connections_than_it_may(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    mirrors[0].delay_s = 0.02
    assert _right(_fetch(tmp_path, _SITE.wanted, mirrors[:1], connections=3))
    assert mirrors[0].most_connections == 3


def test_a_path_with_signs_that_urls_do_not_take_is_quoted(tmp_path: Path) -> None:
    files = {"plugins/a b/1+2/ü%41?#.hpi": b"content"}
    (path,) = files
    wished = Wanted(
        path=PurePosixPath(path), url=None, digest=Digest.of(b"content"), size=7, label="a"
    )
    with Mirror(files).running() as mirror:
        assert _right(_fetch(tmp_path, (wished,), (mirror,)), (wished,))


def test_a_file_of_this_machine_is_copied(tmp_path: Path) -> None:
    (tmp_path / "a b.hpi").write_bytes(b"local")
    url = (tmp_path / "a b.hpi").as_uri()
    wished = Wanted(path=None, url=url, digest=None, size=None, label="a 1")
    (found,) = _fetch(tmp_path / "store", (wished,), ())
    assert found.path.read_bytes() == b"local"
    missing = replace(wished, url=f"{url}.none")
    with pytest.raises(FilesUnreachable) as caught:
        _fetch(tmp_path / "store", (missing,), ())
    assert caught.value.said == (f"a 1: {tmp_path}/a b.hpi.none is no file on this machine",)


def test_nothing_unfinished_stays_behind_once_all_has_come(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    mirrors[0].fault(Fault.WRONG_BYTES)
    assert _right(_fetch(tmp_path, _SITE.wanted, mirrors[:2]))
    assert list((tmp_path / "partial").iterdir()) == []


def test_mirrors_that_take_their_time_are_not_asked_again_and_again(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    for each in mirrors:
        each.delay_s = 0.6
    assert _right(_fetch(tmp_path, (_of(_BIG),), mirrors), (_of(_BIG),))
    assert sum(len(each.log) for each in mirrors) <= 6


def test_the_users_mirrors_stand_in_for_public_ones_and_for_no_others(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    public, own, private = (each.model for each in mirrors)
    instead = Instead(mirrors=(own,), public=frozenset({public.files}))
    downloads = HttpDownloads(
        FolderStore(tmp_path), Client(Network()), offline=False, instead=instead
    )
    downloads.fetch((_SITE.wanted[0],), (public, replace(public, name="another")))
    assert [len(each.log) for each in mirrors] == [0, 1, 0]
    downloads.fetch((_SITE.wanted[1],), (private, replace(private, name="another")))
    assert [len(each.log) for each in mirrors] == [0, 1, 1]


def test_whoever_asks_for_one_mirror_gets_it_from_there(
    mirrors: tuple[Mirror, ...], tmp_path: Path
) -> None:
    public, own, _ = (each.model for each in mirrors)
    instead = Instead(mirrors=(own,), public=frozenset({public.files}))
    client = Client(Network())
    downloads = HttpDownloads(FolderStore(tmp_path), client, offline=False, instead=instead)
    downloads.fetch((_SITE.wanted[0],), (public,))
    assert [len(each.log) for each in mirrors] == [1, 0, 0]
