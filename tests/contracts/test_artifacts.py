"""The contract of ``Artifacts``: the fake out of memory, and Maven over a repository of files."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from builder.adapters.maven import MavenArtifacts
from builder.adapters.store import FolderStore
from builder.errors import ArtifactsMissing, OfflineMiss, ToolMissing
from builder.model.digest import Digest
from builder.model.formula import Repository
from builder.model.plugin import Coordinates
from builder.ports import Artifacts
from builder.version import Version
from tests.fakes.artifacts import FakeArtifacts

_FILES = {"org.example:a:1.0": b"bytes of a", "org.example:b:2.0-h-1": b"bytes of b"}
_A = Coordinates("org.example", "a", Version("1.0"))
_B = Coordinates("org.example", "b", Version("2.0-h-1"))
_NONE = Coordinates("org.example", "none", Version("9"))

Make = Callable[..., Artifacts]


def repository(folder: Path, files: Mapping[str, bytes]) -> Repository:
    """Lay files out as a Maven repository, with the checksums that ``-C`` insists on."""
    for name, content in files.items():
        group, artifact, version = name.split(":")
        place = folder.joinpath(*group.split("."), artifact, version)
        place.mkdir(parents=True)
        path = place / f"{artifact}-{version}.hpi"
        path.write_bytes(content)
        checksum = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        path.with_name(f"{path.name}.sha1").write_text(checksum)
    return Repository(id="files", url=folder.as_uri())


@pytest.fixture(params=["fake", pytest.param("maven", marks=[pytest.mark.network])])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    store = FolderStore(tmp_path / "store")
    if request.param == "fake":
        return lambda offline=False: FakeArtifacts(store, _FILES, offline=offline)
    return lambda offline=False: MavenArtifacts(store, command="mvn", offline=offline)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Repository, ...]:
    return (repository(tmp_path / "repository", _FILES),)


def test_files_come_in_the_order_they_are_asked_for(
    make: Make, places: tuple[Repository, ...]
) -> None:
    found = make().fetch((_B, _A), places)
    assert [each.digest for each in found] == [Digest.of(b"bytes of b"), Digest.of(b"bytes of a")]


def test_a_missing_file_is_named_with_what_was_said(
    make: Make, places: tuple[Repository, ...]
) -> None:
    with pytest.raises(ArtifactsMissing) as caught:
        make().fetch((_A, _NONE), places)
    assert caught.value.missing == (_NONE,)
    assert "Could not find artifact org.example:none" in caught.value.said[0]


def test_offline_names_what_is_missing_and_gives_what_is_there(
    make: Make, places: tuple[Repository, ...]
) -> None:
    make().fetch((_A,), places)
    offline = make(offline=True)
    assert [each.size for each in offline.fetch((_A,), places)] == [10]
    with pytest.raises(OfflineMiss) as caught:
        offline.fetch((_A, _B), places)
    assert caught.value.wanted == (str(_B),)


def test_maven_does_not_run_when_the_store_has_everything(
    tmp_path: Path, places: tuple[Repository, ...]
) -> None:
    store = FolderStore(tmp_path / "store")
    kept = store.add([b"bytes of a"])
    store.remember(f"maven {_A}:hpi", kept.digest)
    assert MavenArtifacts(store, command="false", offline=False).fetch((_A,), places) == (kept,)


def test_a_machine_without_maven_is_told_which_package_brings_it(tmp_path: Path) -> None:
    absent = MavenArtifacts(FolderStore(tmp_path), command="no-such-maven", offline=False)
    with pytest.raises(ToolMissing) as caught:
        absent.fetch((_A,), ())
    assert caught.value.package == "maven"


def test_nothing_stays_in_the_store_after_a_failed_run(
    tmp_path: Path, places: tuple[Repository, ...]
) -> None:
    broken = MavenArtifacts(FolderStore(tmp_path / "s"), command="false", offline=False)
    with pytest.raises(ArtifactsMissing):
        broken.fetch((_A,), places)
    assert [each for each in (tmp_path / "s").rglob("*") if each.is_file()] == []
