"""The story page from formula to receipt, in a world of fakes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builder import pipeline
from builder.errors import (
    ArtifactsMissing,
    BaseUnavailable,
    CoreTooOld,
    DigestMismatch,
    LockBroken,
    LockMissing,
    LockStale,
    NotAController,
    NotAPlugin,
    OfflineMiss,
    UnknownPlugin,
    VerificationFailed,
)
from builder.model.digest import Digest
from builder.model.formula import Formula
from builder.model.report import Ending, Observation, Receipt, Status
from builder.ports import World
from tests.fakes.booter import FakeBooter
from tests.fakes.plugins import archive, controller, manifest, plugin
from tests.fakes.world import FakeWorld, fake_world

_FORMULA = """\
bundle: {groupId: org.example, artifactId: sample}
war: {groupId: org.example, artifactId: controller, source: {version: 3.3.2}}
plugins:
  - {groupId: org.example, artifactId: git, source: {version: 1.9}}
image:
  base: {debian: sid, packages: [tini]}
  tags: ['example/sample:{{default "dev" .version}}']
"""
_FILES = {
    "org.example:controller:3.3.2": controller(
        catalogue='{"plugins": {"mailer": {"groupId": "org.mail", "version": "9"}}}'
    ),
    "org.example:git:1.9": plugin("git", "1.9", "mailer:1.2"),
    "org.mail:mailer:1.2": plugin("mailer", "1.2"),
}

_NAMELESS = archive({"META-INF/MANIFEST.MF": manifest({"Created-By": "nobody"})})

_EXITED = Observation(
    ending=Ending.EXITED,
    ready_after_s=None,
    exit_code=1,
    oom_killed=False,
    peak_memory=None,
    log=("no",),
    answers=(),
    agent_port=None,
    plugins=None,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "formula"
    (folder / "init.groovy.d").mkdir(parents=True)
    (folder / "init.groovy.d" / "a.groovy").write_text("println 1")
    (folder / "formula.yaml").write_text(_FORMULA)
    return folder / "formula.yaml"


@pytest.fixture
def made(tmp_path: Path) -> FakeWorld:
    return fake_world(tmp_path / "store", _FILES)


def _lock(path: Path) -> Path:
    return path.with_name("formula.lock.json")


def _read(world: World, path: Path) -> Formula:
    return pipeline.read_formula(world, path, {})


def _image(world: World, path: Path, *, frozen: bool = False) -> Receipt:
    formula = _read(world, path)
    settled = pipeline.settle_lock(world, formula, _lock(path), frozen=frozen)
    plan = pipeline.make_plan(world, formula, settled.lock)
    return pipeline.carry_out(world, formula, plan, lock_path=_lock(path), check=True)


def test_a_formula_becomes_a_verified_image(made: FakeWorld, path: Path) -> None:
    receipt = _image(made.world, path)
    assert receipt.reference == "example/sample:dev"
    assert receipt.report is not None
    assert {each.status for each in receipt.report.findings} == {Status.PASSED}
    names = [each.name for each in receipt.stages]
    assert names == ["inspect", "resolve", "base", "lock", "fetch", "war", "image", "verify"]


def test_a_second_run_downloads_nothing_and_gives_the_same(made: FakeWorld, path: Path) -> None:
    first = _image(made.world, path)
    runs = list(made.artifacts.runs)
    second = _image(made.world, path, frozen=True)
    assert made.artifacts.runs == runs
    assert (second.image_id, second.war_digest, second.lock_digest) == (
        first.image_id,
        first.war_digest,
        first.lock_digest,
    )


def test_each_round_asks_maven_once_for_all_it_lacks(made: FakeWorld, path: Path) -> None:
    _image(made.world, path)
    asked = [[str(each) for each in run] for run in made.artifacts.runs]
    assert asked == [
        ["org.example:controller:3.3.2"],
        ["org.example:git:1.9"],
        ["org.mail:mailer:1.2"],
    ]


def test_a_plan_changes_nothing_but_the_store(made: FakeWorld, path: Path) -> None:
    formula = _read(made.world, path)
    settled = pipeline.decide(made.world, formula, _lock(path), frozen=False)
    plan = pipeline.make_plan(made.world, formula, settled.lock)
    assert plan.fetches == ()
    assert not _lock(path).exists()
    assert made.engine.images == {}


def test_frozen_refuses_a_missing_lock_and_a_stale_one(made: FakeWorld, path: Path) -> None:
    with pytest.raises(LockMissing):
        _image(made.world, path, frozen=True)
    _image(made.world, path)
    before = _lock(path).read_bytes()
    (path.parent / "init.groovy.d" / "a.groovy").write_text("println 2")
    with pytest.raises(LockStale) as caught:
        _image(made.world, path, frozen=True)
    assert caught.value.changed == ("file init.groovy.d/a.groovy",)
    assert _lock(path).read_bytes() == before


def test_a_change_of_configuration_alone_reads_no_plugin_again(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    _image(made.world, path)
    (path.parent / "init.groovy.d" / "a.groovy").write_text("println 2")
    offline = fake_world(tmp_path / "store", {}, offline=True)
    formula = _read(offline.world, path)
    settled = pipeline.settle_lock(offline.world, formula, _lock(path), frozen=False)
    assert [each.subject for each in settled.diff.changes] == ["init.groovy.d/a.groovy"]


def test_what_the_lock_pins_stays_when_a_wish_is_added(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    _image(made.world, path)
    more = {
        **_FILES,
        "org.example:extra:1": plugin("extra", "1", "mailer:1.0"),
        "org.mail:mailer:1.0": plugin("mailer", "1.0"),
    }
    path.write_text(_FORMULA.replace("plugins:\n", "plugins:\n" + _wish("extra", "1")))
    again = fake_world(tmp_path / "store", more)
    settled = pipeline.settle_lock(again.world, _read(again.world, path), _lock(path), frozen=False)
    assert [each.subject for each in settled.diff.changes] == ["extra"]


def test_a_wish_for_another_group_takes_the_file_of_that_group(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    _image(made.world, path)
    fork = {**_FILES, "org.fork:git:1.9": plugin("git", "1.9", "mailer:1.2", core="1.500")}
    path.write_text(_FORMULA.replace("org.example, artifactId: git", "org.fork, artifactId: git"))
    again = fake_world(tmp_path / "store", fork)
    settled = pipeline.settle_lock(again.world, _read(again.world, path), _lock(path), frozen=False)
    assert [(e.subject, e.kind.value) for e in settled.diff.changes] == [("git", "new bytes")]


def test_the_base_stays_as_locked_though_the_archive_has_moved_on(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    _image(made.world, path)
    before = _lock(path).read_bytes()
    moved = fake_world(tmp_path / "store", _FILES, suite="2")
    _image(moved.world, path)
    assert _lock(path).read_bytes() == before


def test_a_locked_base_that_nobody_has_any_more_names_its_packages(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    _image(made.world, path)
    moved = fake_world(tmp_path / "another store", _FILES, suite="2")
    with pytest.raises(BaseUnavailable) as caught:
        _image(moved.world, path, frozen=True)
    assert caught.value.packages == ("tini 1",)


def test_a_lock_that_lost_a_plugin_in_a_merge_is_stale_whatever_its_fingerprint(
    made: FakeWorld, path: Path
) -> None:
    _image(made.world, path)
    document = json.loads(_lock(path).read_text())
    document["plugins"] = [each for each in document["plugins"] if each["id"] != "git"]
    _lock(path).write_text(json.dumps(document))
    with pytest.raises(LockStale) as caught:
        _image(made.world, path, frozen=True)
    assert caught.value.changed == ("plugins: git is new",)


def test_a_lock_whose_plugins_would_not_load_is_broken(made: FakeWorld, path: Path) -> None:
    _image(made.world, path)
    document = json.loads(_lock(path).read_text())
    document["plugins"] = [each for each in document["plugins"] if each["id"] != "mailer"]
    _lock(path).write_text(json.dumps(document))
    with pytest.raises(LockBroken) as caught:
        _image(made.world, path, frozen=True)
    assert "would not load" in caught.value.fault


def test_a_file_that_has_rotted_in_the_store_is_fetched_again(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    first = _image(made.world, path)
    content = _FILES["org.mail:mailer:1.2"]
    stored = made.world.store.find(Digest.of(content))
    assert stored
    stored.path.write_bytes(content[::-1])
    again = _image(made.world, path, frozen=True)
    assert (again.image_id, stored.path.read_bytes()) == (first.image_id, content)
    stored.path.write_bytes(content[::-1])
    with pytest.raises(OfflineMiss):
        _image(fake_world(tmp_path / "store", {}, offline=True).world, path, frozen=True)


def test_wrong_bytes_are_not_remembered(made: FakeWorld, path: Path, tmp_path: Path) -> None:
    first = _image(made.world, path)
    forged = {**_FILES, "org.mail:mailer:1.2": plugin("mailer", "1.2", core="1.401")}
    other = fake_world(tmp_path / "another store", forged)
    with pytest.raises(DigestMismatch):
        _image(other.world, path, frozen=True)
    other.artifacts.files.update(_FILES)
    assert _image(other.world, path, frozen=True).war_digest == first.war_digest


def test_other_bytes_under_locked_coordinates_are_refused(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    _image(made.world, path)
    forged = {**_FILES, "org.mail:mailer:1.2": plugin("mailer", "1.2", core="1.401")}
    other = fake_world(tmp_path / "another store", forged)
    with pytest.raises(DigestMismatch) as caught:
        _image(other.world, path, frozen=True)
    assert caught.value.name == "org.mail:mailer:1.2"


def test_offline_names_what_the_store_lacks(path: Path, tmp_path: Path) -> None:
    offline = fake_world(tmp_path / "store", _FILES, offline=True)
    with pytest.raises(OfflineMiss):
        _image(offline.world, path)
    assert not _lock(path).exists()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("org.example:controller:3.3.2", _NAMELESS, NotAController),
        ("org.example:controller:3.3.2", b"<html>not found</html>", NotAController),
        ("org.example:git:1.9", b"<html>not found</html>", NotAPlugin),
        ("org.example:git:1.9", plugin("git", "1.9")[:80], NotAPlugin),
        ("org.example:git:1.9", plugin("other", "1.9"), NotAPlugin),
        ("org.example:git:1.9", plugin("git", "1.8"), NotAPlugin),
        ("org.example:git:1.9", plugin("git", "1.9", "mailer"), NotAPlugin),
        ("org.example:git:1.9", plugin("git", "1.9", core="4.0"), CoreTooOld),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_before_anything_is_written(
    path: Path, tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    broken = fake_world(tmp_path / "store", {**_FILES, name: content})
    with pytest.raises(error):
        _image(broken.world, path)
    assert not _lock(path).exists()
    assert broken.engine.images == {}


def test_an_unknown_plugin_is_named_with_its_place_and_neighbours(
    made: FakeWorld, path: Path
) -> None:
    path.write_text(_FORMULA.replace("plugins:\n", "plugins:\n  - mailr:1.2\n"))
    with pytest.raises(UnknownPlugin) as caught:
        _image(made.world, path)
    assert str(caught.value.place).endswith("formula.yaml:4:5")
    assert caught.value.near == ("mailer",)
    assert not _lock(path).exists()


def test_a_missing_file_is_named_with_its_place_or_with_who_needs_it(
    path: Path, tmp_path: Path
) -> None:
    for gone, line, demanders in (
        ("org.example:git:1.9", 4, ()),
        ("org.mail:mailer:1.2", 0, ("git",)),
    ):
        files = {name: content for name, content in _FILES.items() if name != gone}
        world = fake_world(tmp_path / f"store without {gone}", files).world
        with pytest.raises(ArtifactsMissing) as caught:
            _image(world, path)
        assert [each.line for each in caught.value.places] == ([line] if line else [])
        assert caught.value.needed_by == demanders


def test_an_image_that_fails_its_checks_gives_no_receipt(made: FakeWorld, path: Path) -> None:
    blind = replace(made.world, booter=FakeBooter(images={"example/sample:dev": _EXITED}))
    with pytest.raises(VerificationFailed) as caught:
        _image(blind, path)
    statuses = {each.check.id: each.status for each in caught.value.report.findings}
    assert statuses.pop("boot.ready") is Status.FAILED
    assert Status.PASSED not in statuses.values()


def _wish(name: str, version: str) -> str:
    return f"  - {{groupId: org.example, artifactId: {name}, source: {{version: '{version}'}}}}\n"
