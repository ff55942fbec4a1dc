"""What a lock keeps, what it lets go, and when it is refused; in a world of fakes."""

import json
from pathlib import Path

import pytest

from builder import pipeline
from builder.errors import (
    BaseUnavailable,
    DigestMismatch,
    LockBroken,
    LockMissing,
    LockStale,
    OfflineMiss,
)
from builder.model.digest import Digest
from tests.fakes.plugins import plugin
from tests.fakes.story import ASKED, FILES, FORMULA, image, lock_of, read, wish
from tests.fakes.world import FakeWorld, fake_world


def test_frozen_refuses_a_missing_lock_and_a_stale_one(made: FakeWorld, path: Path) -> None:
    with pytest.raises(LockMissing):
        image(made.world, path, frozen=True)
    image(made.world, path)
    before = lock_of(path).read_bytes()
    (path.parent / "init.groovy.d" / "a.groovy").write_text("println 2")
    with pytest.raises(LockStale) as caught:
        image(made.world, path, frozen=True)
    assert caught.value.changed == ("file init.groovy.d/a.groovy",)
    assert lock_of(path).read_bytes() == before


def test_a_change_of_configuration_alone_reads_no_plugin_again(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(made.world, path)
    (path.parent / "init.groovy.d" / "a.groovy").write_text("println 2")
    offline = fake_world(tmp_path / "store", {}, offline=True)
    formula = read(offline.world, path)
    settled = pipeline.settle_lock(offline.world, formula, lock_of(path), ASKED, frozen=False)
    assert [each.subject for each in settled.diff.changes] == ["init.groovy.d/a.groovy"]


def test_what_the_lock_pins_stays_when_a_wish_is_added(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(made.world, path)
    more = {
        **FILES,
        "org.example:extra:1": plugin("extra", "1", "mailer:1.0"),
        "org.mail:mailer:1.0": plugin("mailer", "1.0"),
    }
    path.write_text(FORMULA.replace("plugins:\n", "plugins:\n" + wish("extra", "1")))
    again = fake_world(tmp_path / "store", more)
    settled = pipeline.settle_lock(
        again.world, read(again.world, path), lock_of(path), ASKED, frozen=False
    )
    assert [each.subject for each in settled.diff.changes] == ["extra"]


def test_a_wish_for_another_group_takes_the_file_of_that_group(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(made.world, path)
    fork = {**FILES, "org.fork:git:1.9": plugin("git", "1.9", "mailer:1.2", core="1.500")}
    path.write_text(FORMULA.replace("org.example, artifactId: git", "org.fork, artifactId: git"))
    again = fake_world(tmp_path / "store", fork)
    settled = pipeline.settle_lock(
        again.world, read(again.world, path), lock_of(path), ASKED, frozen=False
    )
    assert [(e.subject, e.kind.value) for e in settled.diff.changes] == [("git", "new bytes")]


def test_the_base_stays_as_locked_though_the_archive_has_moved_on(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(made.world, path)
    before = lock_of(path).read_bytes()
    moved = fake_world(tmp_path / "store", FILES, suite="2")
    image(moved.world, path)
    assert lock_of(path).read_bytes() == before


def test_a_locked_base_that_nobody_has_any_more_names_its_packages(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(made.world, path)
    moved = fake_world(tmp_path / "another store", FILES, suite="2")
    with pytest.raises(BaseUnavailable) as caught:
        image(moved.world, path, frozen=True)
    assert caught.value.packages == ("tini 1",)


def test_a_lock_that_lost_a_plugin_in_a_merge_is_stale_whatever_its_fingerprint(
    made: FakeWorld, path: Path
) -> None:
    image(made.world, path)
    document = json.loads(lock_of(path).read_text())
    document["plugins"] = [each for each in document["plugins"] if each["id"] != "git"]
    lock_of(path).write_text(json.dumps(document))
    with pytest.raises(LockStale) as caught:
        image(made.world, path, frozen=True)
    assert caught.value.changed == ("plugins: git is new",)


def test_a_lock_whose_plugins_would_not_load_is_broken(made: FakeWorld, path: Path) -> None:
    image(made.world, path)
    document = json.loads(lock_of(path).read_text())
    document["plugins"] = [each for each in document["plugins"] if each["id"] != "mailer"]
    lock_of(path).write_text(json.dumps(document))
    with pytest.raises(LockBroken) as caught:
        image(made.world, path, frozen=True)
    assert "would not load" in caught.value.fault


def test_a_file_that_has_rotted_in_the_store_is_fetched_again(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    first = image(made.world, path)
    content = FILES["org.mail:mailer:1.2"]
    stored = made.world.store.find(Digest.of(content))
    assert stored
    stored.path.write_bytes(content[::-1])
    again = image(made.world, path, frozen=True)
    assert (again.image_id, stored.path.read_bytes()) == (first.image_id, content)
    stored.path.write_bytes(content[::-1])
    with pytest.raises(OfflineMiss):
        image(fake_world(tmp_path / "store", {}, offline=True).world, path, frozen=True)


def test_wrong_bytes_are_not_remembered(made: FakeWorld, path: Path, tmp_path: Path) -> None:
    first = image(made.world, path)
    forged = {**FILES, "org.mail:mailer:1.2": plugin("mailer", "1.2", core="1.401")}
    other = fake_world(tmp_path / "another store", forged)
    with pytest.raises(DigestMismatch):
        image(other.world, path, frozen=True)
    other.artifacts.files.update(FILES)
    assert image(other.world, path, frozen=True).war_digest == first.war_digest


def test_other_bytes_under_locked_coordinates_are_refused(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(made.world, path)
    forged = {**FILES, "org.mail:mailer:1.2": plugin("mailer", "1.2", core="1.401")}
    other = fake_world(tmp_path / "another store", forged)
    with pytest.raises(DigestMismatch) as caught:
        image(other.world, path, frozen=True)
    assert caught.value.name == "org.mail:mailer:1.2"


def test_offline_names_what_the_store_lacks(path: Path, tmp_path: Path) -> None:
    offline = fake_world(tmp_path / "store", FILES, offline=True)
    with pytest.raises(OfflineMiss):
        image(offline.world, path)
    assert not lock_of(path).exists()
