"""Bundles: the same bytes for the same content, and nothing that is not what it says."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builder.adapters import bundle
from builder.adapters.http_documents import HttpDocuments
from builder.adapters.store import FolderStore, document_name
from builder.errors import BundleBroken, LockBroken, OfflineMiss, Unreadable
from builder.lock import to_bytes
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from tests.contracts.stands import client
from tests.fakes.samples import LOCK
from tests.support.mirror import Mirror

_LOCK = to_bytes(LOCK)
_NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)


def _made(folder: Path, name: str = "a.tar") -> tuple[Path, tuple[StoredFile, ...]]:
    store = FolderStore(folder / "from")
    files = tuple(store.add([bytes([n]) * 3000]) for n in range(4))
    bundle.write(folder / name, _LOCK, (*files, files[0]), {})
    return folder / name, files


def test_what_was_bundled_is_in_an_empty_store_afterwards(tmp_path: Path) -> None:
    made, files = _made(tmp_path)
    store = FolderStore(tmp_path / "to")
    loaded = bundle.load(made, store, now=_NOW)
    assert (loaded.lock, loaded.files, loaded.size) == (_LOCK, 4, 12_000)
    assert all(store.check(each.digest) for each in files)


def test_the_same_content_makes_the_same_tar(tmp_path: Path) -> None:
    first, files = _made(tmp_path)
    bundle.write(tmp_path / "b.tar", _LOCK, files[::-1], {})
    assert first.read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_a_document_comes_out_of_the_bundle_offline(tmp_path: Path) -> None:
    there, here = FolderStore(tmp_path / "there"), FolderStore(tmp_path / "here")
    with Mirror({"a.json": b"{}"}).running() as mirror:
        url = f"{mirror.url}a.json?version=2"
        fetched = HttpDocuments(there, client(), offline=False).fetch(url, limit=9)
    cached = there.documents((url, f"{url}.none"))
    files = tuple(file for _, file in cached.values())
    notes = {name: note for name, (note, _) in cached.items()}
    bundle.write(tmp_path / "a.tar", _LOCK, files, notes)
    offline = HttpDocuments(here, client(), offline=True)
    with pytest.raises(OfflineMiss):
        offline.fetch(url, limit=9)
    later = fetched.seen + timedelta(days=1)
    assert bundle.load(tmp_path / "a.tar", here, now=later).documents == 1
    found = offline.fetch(url, limit=9)
    assert (found.content.digest, found.seen) == (fetched.content.digest, fetched.seen)
    assert (fetched.carried, found.carried) == (None, later)


def _retold(source: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """Write the tar anew, each member changed or left out."""
    target = source.with_name("retold.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content
            if (told := change(member.name, content.read())) is not None:
                head = tarfile.TarInfo(told[0])
                head.size = len(told[1])
                new.addfile(head, io.BytesIO(told[1]))
    return target


_TAMPERING: dict[str, Callable[[str, bytes], tuple[str, bytes] | None]] = {
    "is not what its name says": lambda n, c: (n, c[::-1] + b"!") if "files" in n else (n, c),
    "does not hold what it says": lambda n, c: None if n == "lock.json" else (n, c),
    "which is no part of a bundle": lambda n, c: ("../etc/passwd", c) if "files" in n else (n, c),
    "schema is 2": lambda n, c: (n, b'{"schema": 2}') if n == "bundle.json" else (n, c),
    "does not say what it is": lambda n, c: None if n == "bundle.json" else (n, c),
}


@pytest.mark.parametrize("fault", list(_TAMPERING))
def test_a_bundle_that_was_tampered_with_is_refused(fault: str, tmp_path: Path) -> None:
    made, _ = _made(tmp_path)
    with pytest.raises(BundleBroken) as caught:
        bundle.load(_retold(made, _TAMPERING[fault]), FolderStore(tmp_path / "to"), now=_NOW)
    assert fault in caught.value.fault


_NAME = document_name("https://m.example/a.json")


def _record(**other: object) -> dict[str, object]:
    facts = {"etag": '"1"', "modified": None, "url": "https://m.example/a.json"}
    return {"content": Digest.of(b"x").hex, "seen": _NOW.isoformat(), **facts, **other}


def _carrying(folder: Path, record: object) -> Path:
    file = FolderStore(folder / "from").add([b"x"])
    content = record if isinstance(record, bytes) else json.dumps(record).encode()
    bundle.write(folder / "a.tar", _LOCK, (file,), {_NAME.hex: content})
    return folder / "a.tar"


@pytest.mark.parametrize(
    "record",
    [
        _record(content=Digest.of(b"none").hex),
        _record(text=Digest.of(b"x").hex, signer=Digest.of(b"x").hex),
        {"content": Digest.of(b"x").hex},
        _record(seen="2026-08-22T12:00:00"),
        _record(etag=1),
        _record(content=None),
        [],
        b"[" * 100_000,
    ],
)
def test_what_is_no_record_of_a_carried_document_is_refused(record: object, tmp_path: Path) -> None:
    with pytest.raises(BundleBroken):
        bundle.load(_carrying(tmp_path, record), FolderStore(tmp_path / "to"), now=_NOW)
    assert not list((tmp_path / "to").glob("*s/" + _NAME.hex))


def test_a_bundle_cannot_tell_a_machine_what_it_remembers(tmp_path: Path) -> None:
    made, store = _carrying(tmp_path, _record()), FolderStore(tmp_path / "to")
    store.write_note("mine", b"1")
    bundle.load(made, store, now=_NOW)
    assert store.read_note("document https://m.example/a.json") is None
    assert store.read_note("mine") == b"1"
    assert len(list((tmp_path / "to" / "notes").iterdir())) == 1


def test_what_a_bundle_says_of_the_future_and_of_servers_does_not_count(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "to")
    told = _record(seen="2100-01-01T00:00:00+00:00", carried="2000-01-01T00:00:00+00:00")
    bundle.load(_carrying(tmp_path, told), store, now=_NOW)
    found = store.document("https://m.example/a.json")
    assert found
    assert (found.seen, found.carried, found.conditions) == (_NOW, _NOW, {})


@pytest.mark.parametrize("lock", [b"garbage", b"{}"])
def test_a_bundle_with_a_lock_that_is_none_brings_no_documents(lock: bytes, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "to")
    broken = _retold(
        _carrying(tmp_path, _record()), lambda n, c: (n, lock if n == "lock.json" else c)
    )
    with pytest.raises(LockBroken):
        bundle.load(broken, store, now=_NOW)
    assert store.document("https://m.example/a.json") is None


def test_links_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as out:
        link = tarfile.TarInfo("lock.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        out.addfile(link)
    with pytest.raises(BundleBroken):
        bundle.load(tmp_path / "a.tar", FolderStore(tmp_path / "to"), now=_NOW)


def test_a_bundle_that_ends_anywhere_too_early_is_refused(tmp_path: Path) -> None:
    made, _ = _made(tmp_path)
    whole = made.read_bytes()
    last = whole.rstrip(b"\0")
    for stop in (0, 10, 512, 1000, 2048, len(last) // 2, len(last) - 1):
        made.write_bytes(whole[:stop])
        with pytest.raises(BundleBroken):
            bundle.load(made, FolderStore(tmp_path / "to"), now=_NOW)


def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        bundle.load(tmp_path / "none.tar", FolderStore(tmp_path / "to"), now=_NOW)
