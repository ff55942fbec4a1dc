"""From formula to bill of materials: archives are read once, and the bytes are the lock's."""

from pathlib import Path

import pytest

from builder import exports, pipeline
from builder.errors import ArtifactsMissing, OfflineMiss
from builder.model.formula import Formula
from builder.model.lock import Lock
from tests.fakes.bills import parts_of, schema_fault
from tests.fakes.plugins import archive, manifest
from tests.fakes.story import ASKED, FILES, lock_of, read
from tests.fakes.world import FakeWorld, fake_world

_GIT = "org.example:git:1.9"
_POM = b"<project><licenses><license><name>MIT License</name></license></licenses></project>"
_LICENSED = archive(
    {
        "META-INF/MANIFEST.MF": manifest({"Short-Name": "git", "Plugin-Version": "1.9"}),
        "META-INF/maven/org.example/git/pom.xml": _POM,
    }
)


def _locked(made: FakeWorld, path: Path) -> tuple[Formula, Lock]:
    formula = read(made.world, path)
    lock_path = lock_of(path)
    settled = pipeline.settle_lock(made.world, formula, lock_path, ASKED, frozen=lock_path.exists())
    return formula, settled.lock


def test_what_an_archive_states_is_in_the_document(path: Path, tmp_path: Path) -> None:
    made = fake_world(tmp_path / "store", {**FILES, _GIT: _LICENSED})
    content = exports.make_sbom(made.world, *_locked(made, path))
    assert schema_fault(content) is None
    git = parts_of(content)["plugin:git"]
    assert git["licenses"] == [{"license": {"acknowledgement": "declared", "id": "MIT"}}]
    assert (made.engine.images, made.engine.contexts) == ({}, [])


def test_another_machine_writes_the_same_bytes(path: Path, tmp_path: Path) -> None:
    here = fake_world(tmp_path / "here", {**FILES, _GIT: _LICENSED})
    first = exports.make_sbom(here.world, *_locked(here, path))
    there = fake_world(tmp_path / "there", {**FILES, _GIT: _LICENSED})
    assert exports.make_sbom(there.world, *_locked(there, path)) == first


def test_archives_that_were_read_once_need_not_be_there(path: Path, tmp_path: Path) -> None:
    made = fake_world(tmp_path / "store", {**FILES, _GIT: _LICENSED})
    formula, locked = _locked(made, path)
    first = exports.make_sbom(made.world, formula, locked)
    for digest in (locked.core.digest, *(each.digest for each in locked.plugins)):
        stored = made.world.store.find(digest)
        assert stored is not None
        stored.path.unlink()
    offline = fake_world(tmp_path / "store", {}, offline=True)
    assert exports.make_sbom(offline.world, formula, locked) == first


@pytest.mark.parametrize("offline", [True, False])
def test_an_archive_that_was_never_read_is_fetched_or_missed(
    made: FakeWorld, path: Path, tmp_path: Path, *, offline: bool
) -> None:
    formula, locked = _locked(made, path)
    fresh = fake_world(tmp_path / "fresh", FILES)
    assert exports.make_sbom(fresh.world, formula, locked)
    assert len(fresh.artifacts.runs) == 1
    empty = fake_world(tmp_path / "empty", {}, offline=offline)
    with pytest.raises(OfflineMiss if offline else ArtifactsMissing):
        exports.make_sbom(empty.world, formula, locked)
