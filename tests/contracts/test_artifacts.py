"""The contract of ``Artifacts``: the fake out of memory, and Maven over a repository of files."""

from collections.abc import Callable, Iterator
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
from tests.fakes.maven_repository import GROUP, forget, repository

_A = Coordinates(GROUP, "a", Version("1.0"))
_B = Coordinates(GROUP, "b", Version("2.0-h-1"))
_NONE = Coordinates(GROUP, "none", Version("9"))
_FILES = {str(_A): b"bytes of a", str(_B): b"bytes of b"}

Make = Callable[..., Artifacts]


@pytest.fixture(params=["fake", pytest.param("maven", marks=[pytest.mark.network])])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    store = FolderStore(tmp_path / "store")
    if request.param == "fake":
        return lambda offline=False: FakeArtifacts(store, _FILES, offline=offline)
    return lambda offline=False: MavenArtifacts(store, command="mvn", offline=offline)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Repository, ...]]:
    yield (repository(tmp_path / "repository", _FILES),)
    forget()


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
    assert f"Could not find artifact {GROUP}:none" in caught.value.said[0]


def test_offline_names_what_is_missing_and_gives_what_is_there(
    make: Make, places: tuple[Repository, ...]
) -> None:
    make().fetch((_A,), places)
    offline = make(offline=True)
    assert [each.size for each in offline.fetch((_A,), places)] == [10]
    with pytest.raises(OfflineMiss) as caught:
        offline.fetch((_A, _B), places)
    assert caught.value.wanted == (str(_B),)


def test_a_forgotten_file_is_asked_for_again(make: Make, places: tuple[Repository, ...]) -> None:
    make().fetch((_A,), places)
    make().forget(_A)
    with pytest.raises(OfflineMiss):
        make(offline=True).fetch((_A,), places)


def test_what_maven_says_is_printed_without_passwords(tmp_path: Path) -> None:
    program = tmp_path / "mvn"
    said = "[ERROR] no answer from (http://user:s3cret@127.0.0.1:9/repo?token=abc) -> [Help 1]"
    program.write_text(f"#!/bin/sh\necho '{said}'\nexit 1\n")
    program.chmod(0o755)
    maven = MavenArtifacts(FolderStore(tmp_path / "s"), command=str(program), offline=False)
    with pytest.raises(ArtifactsMissing) as caught:
        maven.fetch((_A,), ())
    assert caught.value.said == ("no answer from (http://***@127.0.0.1:9/repo?***)",)


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
