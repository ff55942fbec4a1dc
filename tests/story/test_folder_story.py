"""A controller, a plugin and a library built from folders and commits: real files and commands."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from builder import lock, pipeline
from builder.errors import (
    BuiltOtherwise,
    CommandFailed,
    DigestMismatch,
    LockStale,
    NotAController,
    Unreadable,
)
from builder.model.lock import Lock
from builder.model.plugin import Built, PluginId
from builder.ports import World
from tests.fakes.story import ASKED, FILES, FORMULA, lock_of, read
from tests.fakes.world import fake_world

WAR = "source: {version: 3.3.2}}"
BUILD = "build: {command: [sh, -c, 'mkdir -p war/target; cat a b > war/target/jenkins.war']}"
FROM_FOLDER = f"source: {{dir: ../core}}, {BUILD}}}"


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """Give a folder whose two halves the command puts together."""
    folder = tmp_path / "core"
    (folder / "empty").mkdir(parents=True)
    content = FILES["org.example:controller:3.3.2"]
    (folder / "a").write_bytes(content[:100])
    (folder / "b").write_bytes(content[100:])
    return folder


def locked(world: World, path: Path, *, frozen: bool = False) -> Lock:
    formula = read(world, path)
    found = pipeline.settle_lock(world, formula, lock_of(path), ASKED, frozen=frozen).lock
    pipeline.make_war(world, formula, found, path.parent / "out.war")
    return found


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(("git", *named, *arguments), cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  # our own words
    return done.stdout.decode().strip()


def test_a_controller_is_built_from_a_folder_once(tmp_path: Path, path: Path, core: Path) -> None:
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER))
    store = tmp_path / "store"
    made = locked(fake_world(store, FILES).world, path)
    assert made.core.version == "3.3.2"
    assert isinstance(made.core.origin, Built)
    assert made.core.origin.commit is None
    assert lock.from_bytes(lock_of(path).read_bytes(), path) == made
    assert sorted(each.name for each in core.iterdir()) == ["a", "b", "empty"]
    os.utime(core / "a", (1, 1))  # a time is no part of what it is
    assert locked(fake_world(store, FILES, offline=True).world, path, frozen=True) == made
    assert list((store / "tmp").iterdir()) == []


def test_another_file_in_the_folder_makes_the_lock_stale(
    tmp_path: Path, path: Path, core: Path
) -> None:
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER))
    world = fake_world(tmp_path / "store", FILES).world
    before = locked(world, path)
    for spoil in (
        lambda: (core / "c").write_text("new"),
        lambda: (core / "c").chmod(0o755),
        lambda: (core / "c").rename(core / "d"),
        lambda: (core / "e").symlink_to("a"),
    ):
        spoil()
        with pytest.raises(LockStale) as caught:
            locked(world, path, frozen=True)
        assert caught.value.changed == ("war: it is now built otherwise",)
        assert locked(world, path).core.digest == before.core.digest


def test_what_git_ignores_in_a_repository_makes_no_difference(
    tmp_path: Path, path: Path, core: Path
) -> None:
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER))
    (core / ".gitignore").write_text("target\n")
    git(core, "init", "--quiet")
    git(core, "add", "a", ".gitignore")  # ``b`` is new: git would take it
    world = fake_world(tmp_path / "store", FILES).world
    made = locked(world, path)
    (core / "target").mkdir()
    (core / "target" / "x").write_text("left over")
    assert locked(world, path, frozen=True) == made
    (core / "b").unlink()
    with pytest.raises(LockStale):
        locked(world, path, frozen=True)


def test_a_library_of_a_commit_and_a_plugin_of_a_folder(tmp_path: Path, path: Path) -> None:
    sources = tmp_path / "both"
    sources.mkdir()
    (sources / "git.zip").write_bytes(FILES["org.example:git:1.9"])
    (sources / "a.jar").write_bytes(b"jar")
    git(sources, "init", "--quiet")
    git(sources, "add", ".")
    git(sources, "commit", "--quiet", "-m", "x")
    commit = git(sources, "rev-parse", "HEAD")
    copied = "build: {{command: [sh, -c, 'mkdir target; cp {} target/{}']}}"
    text = FORMULA.replace(
        "source: {version: 1.9}}",
        f"source: {{dir: ../both}}, {copied.format('git.zip', 'git.hpi')}}}",
    )
    text += "libPatches:\n  - groupId: org.example\n    artifactId: util\n"
    text += f"    source: {{git: ../both, commit: {commit}}}\n"
    text += f"    {copied.format('a.jar', 'util.jar')}\n"
    path.write_text(text)
    world = fake_world(tmp_path / "store", FILES).world
    made = locked(world, path)
    pin = made.find(PluginId("git"))
    assert pin
    assert (pin.version, str(pin.origin)) == ("1.9", "a folder with sources")
    (jar,) = made.libraries
    assert str(jar.origin) == f"commit {commit[:12]}"
    with zipfile.ZipFile(path.parent / "out.war") as opened:
        assert opened.read("WEB-INF/lib/util.jar") == b"jar"
    file = world.store.find(jar.digest)
    assert file
    file.path.unlink()
    assert locked(world, path, frozen=True) == made  # built again, to the same bytes


def test_other_bytes_of_a_core_are_refused_when_frozen(
    tmp_path: Path, path: Path, core: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drift = "cat a b $HOME/drift > war"
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER.replace("cat a b > war", drift)))
    monkeypatch.setenv("HOME", str(core.parent))
    (core.parent / "drift").write_text("")
    made = locked(fake_world(tmp_path / "store", FILES).world, path)
    (core.parent / "drift").write_bytes(b"\0")
    with pytest.raises(BuiltOtherwise) as caught:
        locked(fake_world(tmp_path / "another", FILES).world, path, frozen=True)
    assert (caught.value.name, caught.value.wanted) == ("hudson.war", made.core.digest)
    assert caught.value.sources == "the folder ../core"


def test_what_the_command_leaves_has_to_be_a_controller(
    tmp_path: Path, path: Path, core: Path
) -> None:
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER))
    (core / "b").write_bytes(b"")
    world = fake_world(tmp_path / "store", FILES).world
    for _ in range(2):
        with pytest.raises(NotAController):
            locked(world, path)
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER.replace("mkdir", "exit 3; mkdir")))
    with pytest.raises(CommandFailed) as caught:
        locked(world, path)
    assert caught.value.sources == "the folder ../core"


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, path: Path, core: Path) -> None:
    world = fake_world(tmp_path / "store", FILES).world
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER.replace("../core", "../gone")))
    with pytest.raises(Unreadable) as caught:
        locked(world, path)
    assert caught.value.fault == "there is no such folder"
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER))
    os.mkfifo(core / "pipe")
    with pytest.raises(Unreadable) as caught:
        locked(world, path)
    assert caught.value.path.name == "pipe"


def test_a_folder_that_changes_meanwhile_is_not_built(
    tmp_path: Path, path: Path, core: Path
) -> None:
    path.write_text(FORMULA.replace(WAR, FROM_FOLDER))
    world = fake_world(tmp_path / "store", FILES).world
    formula = read(world, path)
    (core / "late").write_text("x")
    with pytest.raises(DigestMismatch):
        pipeline.settle_lock(world, formula, lock_of(path), ASKED, frozen=False)
