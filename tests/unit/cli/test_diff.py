"""``jbuild diff``: locks by file, formula and revision; for people, pull requests and machines."""

import json
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.cli import show_move
from builder.cli.main import main
from builder.lock import to_bytes
from builder.model.audit import Move, Severity
from builder.model.inventory import HeldCore, Inventory
from builder.model.lock import ChangeKind, Lock
from builder.model.plugin import Trust
from builder.version import Version
from tests.fakes.audited import locked, pinned

_BEFORE = locked("git:1", "mailer:1", "structs:2")
_AFTER = locked("git:2", pinned("mailer:1", trust=Trust.FIRST_USE), "structs:1", "token:1")


def _write(folder: Path, lock: Lock, name: str = "formula.lock.json") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(to_bytes(lock))


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  # our own words


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose last commit has the lock as it was before."""
    _write(tmp_path, _BEFORE)
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "x")
    _write(tmp_path, _AFTER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str | None]]:
    assert main(["diff", *arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["judged"]) == (1, False)
    return [(each["subject"], each["kind"]) for each in told["moves"]]


_MOVES = [("mailer", None), ("structs", "lowered"), ("git", "raised"), ("token", "added")]


@pytest.mark.parametrize(
    "names",
    [
        ("HEAD",),
        ("HEAD:formula.lock.json", "formula.lock.json"),
        ("HEAD", "formula.yaml"),
        ("HEAD:./formula.lock.json",),
        ("HEAD", "-f", "formula.yml"),
    ],
)
def test_a_revision_a_file_and_a_formula_all_name_a_lock(
    folder: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...]
) -> None:
    assert folder.is_dir()
    assert _told(capsys, *names) == _MOVES


def test_a_lock_in_another_folder_is_found_in_the_past_from_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(folder / "team", _BEFORE, "a.lock.json")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", "y")
    _write(folder / "team", _AFTER, "a.lock.json")
    assert _told(capsys, "HEAD", "-f", "team/a.yaml") == _MOVES
    assert _told(capsys, "HEAD:team/a.lock.json", "HEAD:team/a.lock.json") == []


def test_a_file_counts_before_a_branch_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _git(folder, "branch", "old")
    _write(folder, _AFTER, "old")
    assert _told(capsys, "old") == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("gone.lock.json", "LockMissing"),
        ("gone.yaml", "LockMissing"),
        ("HEAD:gone.lock.json", "LockMissing"),
    ],
)
def test_what_names_no_lock_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    assert folder.is_dir()
    assert main(["diff", name, "--json"]) == 5
    assert json.loads(capsys.readouterr().err)["error"]["kind"] == kind


@pytest.mark.enable_socket  # no engine listens there
@pytest.mark.parametrize("name", ["nowhere", "nowhere:1"])
def test_what_is_nothing_at_all_tells_what_was_tried(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    address = f"unix://{folder}/no.sock"
    monkeypatch.setenv("DOCKER_HOST", address)
    assert main(["diff", name]) == 5
    assert capsys.readouterr().err.splitlines()[:4] == [
        f"error: '{name}' names no lock",
        f"  no file: {name}",
        "  no git revision: there is no such commit",
        f"  no image: no container engine answers at {address}: No such file or directory",
    ]


def test_an_image_without_a_lock_is_told_to_be_less() -> None:
    core = HeldCore(family=_AFTER.core.family, version=Version("1"), digest=None)
    found = Inventory(core=core, plugins=(), unread=("a.jpi: not a whole archive",))
    assert show_move.short_of_a_lock("a:1", found) == (
        "a:1 holds no lock: core and plugins are compared, by version and bytes",
        "a:1: left out a.jpi: not a whole archive",
    )
    assert show_move.short_of_a_lock("a:1", _AFTER) == ()


def test_people_read_the_gravest_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    assert main(["diff", "HEAD"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "error    mailer   other terms          trust signed -> first-use, less than before",
        "warning  structs  lowered      2 -> 1",
        "         git      raised       1 -> 2",
        "         token    added        1",
        "1 other terms, 1 lowered, 1 raised, 1 added",
    ]


def test_a_pull_request_reads_what_wants_care_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    assert main(["diff", "HEAD", "--markdown"]) == 0
    assert (
        capsys.readouterr().out
        == """\
### Lock: 1 other terms, 1 lowered, 1 raised, 1 added

| Security and care | Before | After | What to know |
|---|---|---|---|
| mailer |  |  | other terms; trust signed -> first-use, less than before |
| structs | `2` | `1` | lowered |

| Everything else | Before | After | What to know |
|---|---|---|---|
| git | `1` | `2` | raised |
| token |  | `1` | added |
"""
    )


def test_mere_reasons_are_folded_away_and_signs_stay_inside_their_cells() -> None:
    move = Move(
        subject="a|<b>`",
        kind=ChangeKind.ADDED,
        before=None,
        after="1`|2",
        severity=Severity.NOTE,
        fixes=("SECURITY-1",),
    )
    terms = replace(move, subject="c", kind=None, after=None, fixes=())
    shown = show_move.moves_markdown((move, terms))
    assert "| a\\|&lt;b>` |  | `1\\|2` | added; fixes SECURITY-1 |" in shown
    assert "<details><summary>1 file stays, on other terms</summary>" in shown


def test_equal_locks_say_so(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    _write(folder, _BEFORE)
    assert main(["diff", "HEAD"]) == 0
    assert capsys.readouterr().out == "nothing differs\n"
    assert main(["diff", "HEAD", "--markdown"]) == 0
    assert capsys.readouterr().out == "### Lock: nothing differs\n"


def test_a_set_that_would_not_load_can_be_compared_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = pinned("git:2", core="9.999")
    _write(folder, locked(broken, "mailer:1", "structs:2"))
    assert _told(capsys, "HEAD") == [("git", "raised")]


@pytest.mark.parametrize("arguments", [[], ["a", "--json", "--markdown"], ["a", "-f", ""]])
def test_what_makes_no_sense_is_a_usage_error(arguments: list[str]) -> None:
    assert main(["diff", *arguments]) == 2


def test_a_version_is_shown_as_the_lock_spells_it() -> None:
    move = Move(
        subject="git",
        kind=ChangeKind.RAISED,
        before=Version("1.20"),
        after=Version("v35f6a_0b"),
        severity=Severity.NOTE,
    )
    assert show_move.moves((move,)) == "git  raised  1.20 -> v35f6a_0b\n1 raised"
