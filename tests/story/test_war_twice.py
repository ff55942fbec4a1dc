"""``jbuild war --twice``: other processes, with other habits, make the same bytes."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder import pipeline
from builder.adapters.again import MACHINES, Habits, once_more
from builder.cli.main import main
from builder.cli.options import Request
from builder.cli.twice import require_same
from builder.errors import BuildFailed
from builder.model.build import War
from builder.model.digest import Digest
from tests.fakes.story import ASKED, FILES, FORMULA, lock_of, read
from tests.fakes.world import fake_world


@pytest.fixture
def locked(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A formula with its lock, and a store that has all of it."""
    path.write_text(FORMULA.replace("image:", "systemProperties: {a: b}\nimage:\n  layout: war"))
    world = fake_world(tmp_path / "store", FILES).world
    formula = read(world, path)
    settled = pipeline.settle_lock(world, formula, lock_of(path), ASKED, frozen=False)
    pipeline.make_war(world, formula, settled.lock, tmp_path / "first.war")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JBUILD_STORE", "store")
    return path


@pytest.mark.slow
def test_it_tells_the_digest_that_all_agree_on(
    locked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["war", str(locked), "--frozen", "--twice", "--json", "--output", "out.war"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["sha256"] == Digest.of(Path("out.war").read_bytes()).hex
    assert document["sha256"] == Digest.of(Path("first.war").read_bytes()).hex


@pytest.mark.slow
def test_other_bytes_are_an_error_that_says_under_which_habits(locked: Path) -> None:
    request = Request(formula=locked, values={}, frozen=True, offline=True, quiet=1, as_json=False)
    other = War(path=Path("x.war"), digest=Digest.of(b"other"), size=5)
    with pytest.raises(BuildFailed) as caught:
        require_same(request, other)
    assert "umask 077" in caught.value.step
    assert "other bytes" in caught.value.said[0]
    gone = replace(request, formula=locked.with_name("none.yaml"))
    with pytest.raises(BuildFailed) as caught:
        require_same(gone, other)
    assert "none.yaml" in " ".join(caught.value.said)


def test_the_machines_differ_in_every_habit() -> None:
    one, other = MACHINES
    assert one.umask != other.umask
    assert [name for name, _ in one.variables] == [name for name, _ in other.variables]
    assert not set(one.variables) & set(other.variables)
    assert {"LC_ALL", "TZ"} <= dict(one.variables).keys()


@pytest.mark.slow
def test_a_run_is_elsewhere_and_has_its_mask(tmp_path: Path) -> None:
    habits = Habits(umask="077", variables=(("LC_ALL", "C"), ("TZ", "AAA-14")))
    done = once_more(habits, ("settings", "--json"), tmp_path, store=tmp_path / "store")
    assert done.code == 0, done.lines
    assert str(tmp_path / "store") in "\n".join(done.lines)
