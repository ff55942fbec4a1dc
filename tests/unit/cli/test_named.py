"""A name that a person gives: a file before a git revision, a git revision before an image."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.cli.named import named
from builder.errors import EngineUnreachable, ImageMissing, LockMissing, NamesNoLock
from builder.lock import to_bytes
from builder.model.inventory import Contents
from tests.fakes.audited import locked

_FILE, _PAST, _IMAGE = locked("git:3"), locked("git:2"), locked("git:1")
_LOCK = Path("formula.lock.json")


def _in_image(name: str) -> Contents:
    if name in {"team/jenkins:1", "main", "main:1", "old", "old:1", "bare"}:
        return _IMAGE
    raise ImageMissing(reference=name)


def _silent(name: str) -> Contents:
    assert name
    raise EngineUnreachable(address="fake://", said="no")


def _git(*arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *arguments), check=True, capture_output=True)  # noqa: S603, S607  # our own words


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository whose branch main has a lock, and whose branch bare has none."""
    monkeypatch.chdir(tmp_path)
    _git("init", "--quiet", "--initial-branch", "bare")
    _git("commit", "--quiet", "--allow-empty", "-m", "x")
    _git("switch", "--quiet", "--create", "main")
    _LOCK.write_bytes(to_bytes(_PAST))
    _git("add", ".")
    _git("commit", "--quiet", "-m", "y")
    Path("old").write_bytes(to_bytes(_FILE))


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("old", _FILE),
        ("main", _PAST),
        ("main:formula.lock.json", _PAST),
        ("team/jenkins:1", _IMAGE),
        ("main:1", _IMAGE),  # main has no such file
        ("old:1", _IMAGE),
    ],
)
def test_the_first_that_there_is_counts(name: str, lock: Contents) -> None:
    assert named(name, _LOCK, _in_image) == lock


@pytest.mark.parametrize("name", ["bare", "main:2", "main:gone.lock.json", "HEAD:gone"])
def test_a_revision_without_the_file_is_told_as_such(name: str) -> None:
    for in_image in (_in_image, _silent):
        with pytest.raises(LockMissing) as caught:
            named(name, _LOCK, in_image)
        assert str(caught.value.path).startswith(f"{name.partition(':')[0]}:")


@pytest.mark.parametrize(
    ("name", "in_image", "engine"),
    [
        ("nowhere:1", _in_image, "the container engine has none of that name"),
        ("nowhere", _silent, "no container engine answers at fake://: no"),
        ("No/Where:1", _silent, "no image can have that name"),
    ],
)
def test_a_name_of_nothing_tells_all_that_was_tried(
    name: str, in_image: Callable[[str], Contents], engine: str
) -> None:
    with pytest.raises(NamesNoLock) as caught:
        named(name, _LOCK, in_image)
    said = caught.value
    assert (said.name, said.git, said.engine) == (name, "there is no such commit", engine)


def test_images_are_found_on_a_machine_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert named("team/jenkins:1", _LOCK, _in_image) == _IMAGE
    with pytest.raises(NamesNoLock) as caught:
        named("nowhere:1", _LOCK, _in_image)
    assert caught.value.git == "git is not installed"
