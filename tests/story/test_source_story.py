"""A plugin that a formula has built from its sources: a real repository and a real command."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from builder import lock, pipeline
from builder.errors import (
    BuiltOtherwise,
    CommandFailed,
    CommitUnavailable,
    FormulaInvalid,
    LockStale,
    NotAPlugin,
    OfflineMiss,
)
from builder.model.lock import Lock
from builder.model.plugin import PluginId
from builder.ports import World
from tests.fakes.story import ASKED, FILES, FORMULA, lock_of, read
from tests.fakes.world import fake_world

OURS = PluginId("ours")
AS = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
SCRIPT = """\
import os, sys, zipfile
mark = sys.argv[1] if len(sys.argv) > 1 else ""
with open(os.environ["HOME"] + "/built", "a") as log:
    log.write(os.getcwd() + "\\n")
head = "Manifest-Version: 1.0\\r\\nShort-Name: ours\\r\\nPlugin-Version: 1.0\\r\\n"
os.makedirs("target")
with zipfile.ZipFile("target/ours.hpi", "w") as out:
    stamp = zipfile.ZipInfo("META-INF/MANIFEST.MF", (2020, 1, 1, 0, 0, 0))
    out.writestr(stamp, head + "Hudson-Version: 1.400\\r\\n\\r\\n")
    seen = sorted(os.environ) + [os.environ["SOURCE_DATE_EPOCH"], os.environ["TZ"]]
    seen.append(str(int(os.stat("build.py").st_mtime)))
    seen += open(os.environ["HOME"] + "/drift").read().split()
    out.writestr(zipfile.ZipInfo("seen"), "\\n".join(seen))
os.makedirs("kept/deep")
os.chmod("kept", 0o500)
"""


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(("git", *AS, *arguments), cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  # our own words
    return done.stdout.decode().strip()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "drift").write_text("")
    (folder / "built").write_text("")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    return folder


@pytest.fixture
def commit(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    assert home.is_dir()
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2021-02-03T04:05:06Z")
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "build.py").write_text(SCRIPT)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


def wished(path: Path, commit: str, command: str = f"{sys.executable}, build.py") -> None:
    line = f"  - artifactId: ours\n    source: {{git: ../ours, commit: {commit}}}\n"
    line += f"    build: {{command: [{command}], timeout: 20}}\n"
    path.write_text(FORMULA.replace("image:", f"{line}image:", 1))


def locked(world: World, path: Path, *, frozen: bool = False) -> Lock:
    formula = read(world, path)
    found = pipeline.settle_lock(world, formula, lock_of(path), ASKED, frozen=frozen).lock
    pipeline.make_war(world, formula, found, path.parent / "out.war")
    return found


def left(store: Path) -> list[Path]:
    return list((store / "tmp").iterdir())


def test_a_plugin_is_built_once_and_its_bytes_are_locked(
    tmp_path: Path, path: Path, home: Path, commit: str
) -> None:
    wished(path, commit)
    store = tmp_path / "store"
    world = fake_world(store, FILES).world
    pin = locked(world, path).find(OURS)
    assert pin
    assert str(pin.origin) == f"commit {commit[:12]}"
    assert pin.version == "1.0"
    assert commit in lock_of(path).read_text()
    assert lock.from_bytes(lock_of(path).read_bytes(), path).find(OURS) == pin
    locked(world, path, frozen=True)
    locked(fake_world(store, FILES, offline=True).world, path, frozen=True)
    lock_of(path).unlink()
    assert locked(world, path).find(OURS) == pin
    assert len((home / "built").read_text().splitlines()) == 1
    assert left(store) == []


def test_the_command_sees_stated_variables_and_no_secret(
    tmp_path: Path, path: Path, commit: str
) -> None:
    wished(path, commit)
    world = fake_world(tmp_path / "store", FILES).world
    pin = locked(world, path).find(OURS)
    assert pin
    file = world.store.find(pin.digest)
    assert file
    seen = (world.archives.read(file.path, "seen", limit=9999) or b"").decode().split()
    epoch = "1612325106"
    assert seen[-3:] == [epoch, "UTC", epoch]
    assert {*seen[:-3]} - {"JAVA_HOME"} == {
        "HOME", "LANG", "LC_ALL", "PATH", "SOURCE_DATE_EPOCH", "TMPDIR", "TZ",
    }  # fmt: skip


def test_other_bytes_are_refused_when_frozen_and_locked_otherwise(
    tmp_path: Path, path: Path, home: Path, commit: str
) -> None:
    wished(path, commit)
    before = locked(fake_world(tmp_path / "store", FILES).world, path).find(OURS)
    (home / "drift").write_text("another")
    world = fake_world(tmp_path / "another", FILES).world
    for _ in range(2):
        with pytest.raises(BuiltOtherwise) as caught:
            locked(world, path, frozen=True)
        assert before
        assert (caught.value.wanted, caught.value.path) == (before.digest, lock_of(path))
    now = locked(world, path).find(OURS)
    assert before
    assert now
    assert now.digest != before.digest
    assert len((home / "built").read_text().splitlines()) == 4


def test_another_commit_or_command_makes_the_lock_stale(
    tmp_path: Path, path: Path, commit: str
) -> None:
    wished(path, commit)
    world = fake_world(tmp_path / "store", FILES).world
    locked(world, path)
    git(tmp_path / "ours", "commit", "--quiet", "--allow-empty", "-m", "y")
    locked(world, path, frozen=True)  # the branch has moved; the commit has not
    moved = git(tmp_path / "ours", "rev-parse", "HEAD")
    for changed in ((moved,), (commit, f"{sys.executable}, build.py, again")):
        wished(path, *changed)
        with pytest.raises(LockStale) as caught:
            locked(world, path, frozen=True)
        assert caught.value.changed == ("plugins: ours is now built otherwise",)


def test_a_file_that_has_left_the_store_is_built_anew_and_locked(
    tmp_path: Path, path: Path, home: Path, commit: str
) -> None:
    wished(path, commit)
    world = fake_world(tmp_path / "store", FILES).world
    before = locked(world, path).find(OURS)
    assert before
    file = world.store.find(before.digest)
    assert file
    file.path.unlink()
    (home / "drift").write_text("another")
    now = locked(world, path).find(OURS)
    assert now
    assert (now.version, now.digest == before.digest) == (before.version, False)


@pytest.mark.parametrize(
    "told",
    [
        ("sh, -c, 'echo oh; echo http://me:pw@h/ >&2; exit 3'", "ended with 3", "http://***@h/"),
        ("'true'", "left no file target/ours.hpi", ""),
        ("sh, -c, 'touch ours.hpi'", "there is ours.hpi", ""),
        ("sh, -c, 'mkdir target; ln -s /etc/hosts target/ours.hpi'", "left no file", ""),
        ("no-such-program", "cannot be run", ""),
        ("sh, -c, 'echo begun; sleep 60 & wait'", "stopped after 20 s", "begun"),
    ],
)
def test_a_command_that_fails_is_told_with_its_last_lines(
    tmp_path: Path, path: Path, commit: str, told: tuple[str, str, str]
) -> None:
    command, fault, said = told
    wished(path, commit, command)
    path.write_text(path.read_text().replace("timeout: 20", "timeout: 1"))
    with pytest.raises(CommandFailed) as caught:
        locked(fake_world(tmp_path / "store", FILES).world, path)
    assert fault.replace("20 s", "1 s") in caught.value.fault
    assert ("\n".join(caught.value.said)).endswith(said)
    assert left(tmp_path / "store") == []


def test_another_plugin_than_was_asked_for_is_refused(
    tmp_path: Path, path: Path, commit: str
) -> None:
    wished(path, commit, f"{sys.executable}, build.py")
    path.write_text(
        path.read_text()
        .replace("Id: ours", "Id: theirs")
        .replace("timeout: 20", "output: target/ours.hpi")
    )
    with pytest.raises(NotAPlugin) as caught:
        locked(fake_world(tmp_path / "store", FILES).world, path)
    assert caught.value.fault == "it holds the plugin ours"
    assert commit[:12] in caught.value.origin


def test_a_commit_that_is_not_there_is_told(tmp_path: Path, path: Path, commit: str) -> None:
    wished(path, commit[::-1])
    with pytest.raises(CommitUnavailable) as caught:
        locked(fake_world(tmp_path / "store", FILES).world, path)
    assert caught.value.said
    wished(path, commit)
    path.write_text(path.read_text().replace("../ours", "../gone"))
    with pytest.raises(CommitUnavailable):
        locked(fake_world(tmp_path / "store", FILES).world, path)


def test_offline_nothing_is_built(tmp_path: Path, path: Path, commit: str) -> None:
    wished(path, commit)
    store = tmp_path / "store"
    locked(fake_world(store, FILES).world, path)
    lock_of(path).unlink()
    path.write_text(path.read_text().replace("build.py", "./build.py"))
    with pytest.raises(OfflineMiss):
        locked(fake_world(store, FILES, offline=True).world, path)


def running(group: str) -> list[str]:
    """List what lives of a process group; what is dead may wait for whoever buries it."""
    lives = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its, *_ = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone by now
        if its == group and state not in "ZX":
            lives.append(each.parent.name)
    return lives


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_command_and_takes_its_folder_away(
    tmp_path: Path, path: Path, home: Path, commit: str, number: int
) -> None:
    wished(path, commit, '"sh", "-c", "echo $$ > $HOME/built; sleep 300 & wait"')
    path.write_text(
        path.read_text().replace(
            "groupId: org.example, artifactId: controller, source: {version: 3.3.2}",
            "groupId: g, artifactId: a, source: {file: c.war}",
        )
    )
    (path.parent / "c.war").write_bytes(FILES["org.example:controller:3.3.2"])
    store = tmp_path / "store"
    process = subprocess.Popen(  # noqa: S603  # our own words
        (sys.executable, "-m", "builder", "resolve", str(path)),
        env={**os.environ, "JBUILD_STORE": str(store)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + 20
    while not (started := (home / "built").read_text().strip()) and time.monotonic() < end:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    assert process.wait(timeout=20) == 128 + number
    assert left(store) == []
    assert running(started) == []


def test_hooks_of_a_commit_go_into_the_war_and_the_lock(
    tmp_path: Path, path: Path, commit: str
) -> None:
    folder = tmp_path / "ours"
    (folder / "hooks" / "deep").mkdir(parents=True)
    (folder / "hooks" / "a.groovy").write_bytes(b"one\r\n\xff")
    (folder / "hooks" / "deep" / "b.groovy").write_text("two")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "hooks")
    now = git(folder, "rev-parse", "HEAD")
    hook = "groovyHooks: [{type: init, id: a, source: {git: ../ours, commit: C, dir: hooks}}]\n"
    path.write_text(FORMULA + hook.replace("C", now))
    store = tmp_path / "store"
    made = locked(fake_world(store, FILES).world, path)
    with zipfile.ZipFile(path.parent / "out.war") as opened:
        assert opened.read("WEB-INF/init.groovy.d/a.groovy") == b"one\r\n\xff"
        assert opened.read("WEB-INF/init.groovy.d/deep/b.groovy") == b"two"
        assert "WEB-INF/init.groovy.d/build.py" not in opened.namelist()
    assert {f"commit-{now}/hooks/a.groovy", f"commit-{now}/hooks/deep/b.groovy"} < {
        str(each.path) for each in made.inputs
    }
    (folder / ".git").rename(folder / "gone")
    locked(fake_world(store, FILES, offline=True).world, path, frozen=True)
    (folder / "gone").rename(folder / ".git")
    path.write_text(FORMULA + hook.replace("C", commit))
    with pytest.raises(FormulaInvalid) as caught:
        read(fake_world(store, FILES).world, path)
    assert caught.value.problems[0].path == "groovyHooks[0].source.git"


def test_a_link_in_a_commit_is_not_followed(tmp_path: Path, path: Path, commit: str) -> None:
    folder = tmp_path / "ours"
    (folder / "x.yaml").symlink_to("/etc/passwd")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "link")
    now = git(folder, "rev-parse", "HEAD")
    assert now != commit
    path.write_text(FORMULA + f"casc: [{{id: a, source: {{git: ../ours, commit: {now}}}}}]\n")
    with pytest.raises(CommitUnavailable) as caught:
        read(fake_world(tmp_path / "store", FILES).world, path)
    assert "x.yaml" in caught.value.said[0]
