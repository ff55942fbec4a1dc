"""What a store holds, what has changed in it, and what is taken away."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.adapters import store_care
from builder.adapters.store import FolderStore, document_name
from builder.adapters.store_documents import DocumentRecord
from builder.model.stored import StoredFile

_LONG_AGO = 40 * 24 * 60 * 60  # seconds


def _old(stored: StoredFile) -> StoredFile:
    facts = stored.path.with_name(f"{stored.path.name}.json")
    os.utime(facts, (time.time() - _LONG_AGO,) * 2)
    return stored


def _filled(folder: Path) -> tuple[FolderStore, StoredFile, StoredFile]:
    """Fill a store with an old file and a young one; whoever did it is gone."""
    filling = FolderStore(folder)
    old, young = _old(filling.add([b"old"])), filling.add([b"young"])
    return FolderStore(folder), old, young


def _record(store: FolderStore) -> DocumentRecord:
    content = store.add([b"x"]).digest
    seen = datetime(2026, 8, 22, tzinfo=UTC)
    return DocumentRecord(content=content, etag=None, modified=None, seen=seen, url="a")


def test_a_store_is_counted(tmp_path: Path) -> None:
    store, *_ = _filled(tmp_path)
    store.write_note("not a document", b"{}")
    store.write_document(document_name("a"), _record(store))
    right = store.claim(store.add([b"x"]).digest)
    assert right
    found = store_care.census(store)
    assert (found.files, found.size, found.documents) == (3, 9, 1)
    right.release()


def test_a_flipped_bit_is_found_and_the_file_is_gone(tmp_path: Path) -> None:
    store, old, young = _filled(tmp_path)
    content = bytearray(young.path.read_bytes())
    content[2] ^= 1
    young.path.write_bytes(content)
    assert store_care.verify(store) == (2, (young.digest,))
    assert (store.find(young.digest), store.find(old.digest)) == (None, old)
    assert store_care.verify(store) == (1, ())


def test_looking_at_a_file_does_not_make_it_young(tmp_path: Path) -> None:
    store, old, _ = _filled(tmp_path)
    store_care.verify(store)
    assert store_care.prune(store, days=30).files == 1
    assert store.find(old.digest) is None


def test_only_what_was_not_used_for_long_is_taken_away(tmp_path: Path) -> None:
    store, old, young = _filled(tmp_path)
    store.remember("maven old", old.digest)
    store.remember("maven young", young.digest)
    done = store_care.prune(store, days=30)
    assert (done.files, done.size, done.spared) == (1, 3, 0)
    assert (store.find(old.digest), store.find(young.digest)) == (None, young)
    assert (store.recall("maven old"), store.recall("maven young")) == (None, young.digest)
    assert not list(tmp_path.rglob(f"{old.digest.hex}*"))


def test_a_document_whose_file_is_taken_away_is_forgotten(tmp_path: Path) -> None:
    filling = FolderStore(tmp_path)
    filling.write_document(document_name("a"), record := _record(filling))
    filling.write_note("mine", json.dumps({"content": record.content.hex}).encode())
    stored = filling.find(record.content)
    assert stored
    _old(stored)
    del filling
    store = FolderStore(tmp_path)
    store_care.prune(store, days=30)
    assert (store.document("a"), store.find(record.content)) == (None, None)
    assert store.read_note("mine")


@pytest.mark.parametrize("days", [float("nan"), -1.0])
def test_what_is_no_number_of_days_takes_nothing_away(days: float, tmp_path: Path) -> None:
    store, old, young = _filled(tmp_path)
    with pytest.raises(ValueError, match="no number of days"):
        store_care.prune(store, days=days)
    assert (store.find(old.digest), store.find(young.digest)) == (old, young)


def test_what_was_asked_for_again_is_not_old(tmp_path: Path) -> None:
    store, old, _ = _filled(tmp_path)
    assert store.find(old.digest)
    assert store_care.prune(store, days=30).files == 0


def test_what_a_running_build_uses_stays_however_old(tmp_path: Path) -> None:
    store, _, _ = _filled(tmp_path)
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from builder.adapters.store import FolderStore\n"
        "store = FolderStore(Path(sys.argv[1]))\n"
        "store.add([b'of the build'])\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
    )
    command = (sys.executable, "-c", script, str(tmp_path))
    with subprocess.Popen(  # noqa: S603  # our own code
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout
        assert build.stdout.readline() == "ready\n"
        assert store_care.census(store).builds == 1
        done = store_care.prune(store, days=0)
        assert (done.files, done.spared) == (2, 1)
        build.communicate("over\n")
    assert store_care.census(store).builds == 0
    assert store_care.prune(store, days=0).files == 1


def test_a_killed_builds_lease_holds_nothing(tmp_path: Path) -> None:
    store, _, _ = _filled(tmp_path)
    (tmp_path / "leases").mkdir(exist_ok=True)
    (tmp_path / "leases" / "left-behind").write_bytes(b"")
    assert store_care.prune(store, days=0).files == 2
    assert list((tmp_path / "leases").iterdir()) == []


def test_a_file_that_is_asked_for_while_it_is_pruned_stays(tmp_path: Path) -> None:
    store, old, _ = _filled(tmp_path)
    facts = old.path.with_name(f"{old.path.name}.json")
    used_s = facts.stat().st_mtime
    assert store.find(old.digest)  # between the look at its age and the taking
    assert not store_care.taken(old.path, used_s)
    assert store.find(old.digest) == old


def test_unfinished_files_go_once_nobody_makes_them(tmp_path: Path) -> None:
    store, old, _ = _filled(tmp_path)
    right = store.claim(old.digest)
    assert right
    copy = right.open()
    copy.write(0, b"part")
    copy.close()
    os.utime(copy.path, (0, 0))
    store_care.prune(store, days=1)
    assert copy.path.exists()
    right.release()
    store_care.prune(store, days=1)
    assert not copy.path.exists()
