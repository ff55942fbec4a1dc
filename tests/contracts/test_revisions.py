"""``Revisions``: what its docstring promises, of real repositories made on the spot."""

import subprocess
from pathlib import Path

import pytest

from builder.adapters.git import GitRevisions
from builder.errors import RevisionUnreadable, ToolMissing

_AS = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(("git", *_AS, *arguments), cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  # our own words


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits; the second has changed the file in the folder ``team``."""
    top = tmp_path_factory.mktemp("repository")
    (top / "team").mkdir()
    _git(top, "init", "--quiet", "--initial-branch=main")
    for content in (b"one\r\n\xff\n", b"two"):
        (top / "team" / "a.lock.json").write_bytes(content)
        _git(top, "add", ".")
        _git(top, "commit", "--quiet", "-m", "x")
    _git(top, "tag", "v2")
    return top


@pytest.mark.parametrize(
    ("revision", "content"),
    [("HEAD", b"two"), ("main", b"two"), ("v2", b"two"), ("HEAD~1", b"one\r\n\xff\n")],
)
def test_a_file_is_as_the_commit_has_it_byte_for_byte(
    repository: Path, revision: str, content: bytes
) -> None:
    assert GitRevisions().read(revision, "team/a.lock.json", repository) == content


def test_a_path_counts_from_the_top_or_from_the_folder(repository: Path) -> None:
    inside = repository / "team"
    assert GitRevisions().read("HEAD", "./a.lock.json", inside) == b"two"
    assert GitRevisions().read("HEAD", "team/a.lock.json", inside) == b"two"


def test_a_file_that_the_commit_lacks_is_none(repository: Path) -> None:
    assert GitRevisions().read("HEAD", "b.lock.json", repository) is None
    assert GitRevisions().read("HEAD", "team", repository) is None  # a folder is no file
    assert GitRevisions().read("HEAD", "a", repository / "gone") is None


@pytest.mark.parametrize("revision", ["nowhere", "HEAD~9", "--help", "-", "HEAD:team", ""])
def test_what_is_no_commit_is_refused_and_never_read_as_an_option(
    repository: Path, revision: str
) -> None:
    with pytest.raises(RevisionUnreadable) as caught:
        GitRevisions().read(revision, "team/a.lock.json", repository)
    assert caught.value.revision == revision
    assert caught.value.said


def test_a_folder_without_a_repository_is_told_as_git_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(RevisionUnreadable) as caught:
        GitRevisions().read("HEAD", "a", tmp_path)
    assert "not a git repository" in caught.value.said


def test_a_machine_without_git_says_so(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing) as caught:
        GitRevisions().read("HEAD", "a", repository)
    assert caught.value.package == "git"
