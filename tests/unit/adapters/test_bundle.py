"""Bundles: the same bytes for the same content, and nothing that is not what it says."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.adapters import bundle
from builder.adapters.http_documents import HttpDocuments
from builder.adapters.store import FolderStore
from builder.errors import BundleBroken, OfflineMiss
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from tests.contracts.stands import client
from tests.support.mirror import Mirror

_LOCK = b'{"schema": 1}\n'


def _made(folder: Path, name: str = "a.tar") -> tuple[Path, tuple[StoredFile, ...]]:
    store = FolderStore(folder / "from")
    files = tuple(store.add([bytes([n]) * 3000]) for n in range(4))
    bundle.write(folder / name, _LOCK, (*files, files[0]), {})
    return folder / name, files


def test_what_was_bundled_is_in_an_empty_store_afterwards(tmp_path: Path) -> None:
    made, files = _made(tmp_path)
    store = FolderStore(tmp_path / "to")
    loaded = bundle.load(made, store)
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
    assert bundle.load(tmp_path / "a.tar", here).documents == 1
    found = offline.fetch(url, limit=9)
    assert (found.content.digest, found.seen) == (fetched.content.digest, fetched.seen)


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
        bundle.load(_retold(made, _TAMPERING[fault]), FolderStore(tmp_path / "to"))
    assert fault in caught.value.fault


def test_a_document_whose_file_is_not_there_is_refused(tmp_path: Path) -> None:
    note = json.dumps({"content": Digest.of(b"none").hex}).encode()
    bundle.write(tmp_path / "a.tar", _LOCK, (), {Digest.of(b"document x").hex: note})
    store = FolderStore(tmp_path / "to")
    with pytest.raises(BundleBroken):
        bundle.load(tmp_path / "a.tar", store)
    assert store.read_note("document x") is None


def test_links_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as out:
        link = tarfile.TarInfo("lock.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        out.addfile(link)
    with pytest.raises(BundleBroken):
        bundle.load(tmp_path / "a.tar", FolderStore(tmp_path / "to"))


def test_a_bundle_that_ends_anywhere_too_early_is_refused(tmp_path: Path) -> None:
    made, _ = _made(tmp_path)
    whole = made.read_bytes()
    last = whole.rstrip(b"\0")
    for stop in (0, 10, 512, 1000, 2048, len(last) // 2, len(last) - 1):
        made.write_bytes(whole[:stop])
        with pytest.raises(BundleBroken):
            bundle.load(made, FolderStore(tmp_path / "to"))


def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleBroken):
        bundle.load(tmp_path / "none.tar", FolderStore(tmp_path / "to"))
