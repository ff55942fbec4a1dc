"""``jbuild cache``, ``mirrors`` and ``bundle`` as commands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.adapters import bundle
from builder.adapters.store import FolderStore
from builder.cli.main import main
from builder.lock import to_bytes
from tests.fakes.samples import LOCK
from tests.support.faults import Fault
from tests.support.mirror import Mirror
from tests.support.site import Site

_LOCK = to_bytes(LOCK)


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FolderStore:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    return FolderStore(tmp_path / "store")


@pytest.fixture
def mirrors() -> Iterator[tuple[Mirror, Mirror]]:
    site = Site((100,))
    files = {"updates/update-center.json": site.catalogue}
    with Mirror(files).running() as one, Mirror(files).running() as two:
        yield one, two


def test_a_cache_is_shown_verified_and_pruned(
    capsys: pytest.CaptureFixture[str], store: FolderStore
) -> None:
    kept = store.add([b"content"])
    assert main(["cache", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 1
    assert main(["cache", "verify"]) == 0
    assert capsys.readouterr().out == "1 files, each as its digest says\n"
    kept.path.write_bytes(b"CONTENT")
    assert main(["cache", "verify", "--json"]) == 1
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["facts"]["dropped"] == [str(kept.digest)]
    assert store.find(kept.digest) is None


def test_pruning_says_what_is_in_use(
    capsys: pytest.CaptureFixture[str], store: FolderStore
) -> None:
    store.add([b"content"])  # this process holds a lease
    assert main(["cache", "prune", "--older-than", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"files": 0, "schema": 1, "size": 0, "spared": 1}


@pytest.mark.parametrize("days", ["nan", "inf", "-1", "soon"])
def test_what_is_no_number_of_days_prunes_nothing(days: str, store: FolderStore) -> None:
    kept = store.add([b"content"])
    assert main(["cache", "prune", "--older-than", days]) == 2
    assert store.find(kept.digest) == kept


def test_mirrors_are_shown_with_the_choice_and_why(
    capsys: pytest.CaptureFixture[str], mirrors: tuple[Mirror, Mirror]
) -> None:
    one, two = mirrors
    two.fault(Fault.PAGE)
    assert main(["mirrors", one.url, two.url, "--json"]) == 0
    good, bad = json.loads(capsys.readouterr().out)["mirrors"]
    assert (good["rank"], good["why"], good["generated"]) == (
        1,
        "used",
        "2026-08-22T00:00:00+00:00",
    )
    assert good["speed"] > 0
    assert (bad["reached"], bad["why"]) == (False, "not used: sent a web page")
    assert main(["mirrors", one.url]) == 0
    assert "2026-08-22" in capsys.readouterr().out


def test_a_mirror_that_nobody_knows_is_a_setting_that_cannot_be_used() -> None:
    assert main(["mirrors", "tunna"]) == 10


def test_a_bundle_is_made_or_loaded_and_not_both(tmp_path: Path) -> None:
    assert main(["bundle"]) == 2
    assert main(["bundle", "--output", "a", "--load", "b"]) == 2
    assert main(["bundle", "--load", str(tmp_path / "none.tar")]) == 3


def test_loading_writes_the_lock_unless_there_is_one(
    capsys: pytest.CaptureFixture[str], store: FolderStore, tmp_path: Path
) -> None:
    made = FolderStore(tmp_path / "other").add([b"content"])
    bundle.write(tmp_path / "a.tar", _LOCK, (made,), {})
    arguments = ["bundle", str(tmp_path / "formula.yaml"), "--load", str(tmp_path / "a.tar")]
    assert main([*arguments, "--frozen"]) == 0
    assert not (tmp_path / "formula.lock.json").exists()
    assert "is not written, for --frozen" in capsys.readouterr().err
    assert main(arguments) == 0
    assert (tmp_path / "formula.lock.json").read_bytes() == _LOCK
    assert store.find(made.digest)
    (tmp_path / "formula.lock.json").write_text("mine")
    assert main(arguments) == 0
    assert (tmp_path / "formula.lock.json").read_text() == "mine"
    assert "is not the bundle's, and stays" in capsys.readouterr().err
