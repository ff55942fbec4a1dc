"""The story page from formula to receipt, in a world of fakes."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from builder import lock, pipeline
from builder.errors import (
    ArtifactsMissing,
    DemandsConflict,
    FormulaInvalid,
    NotAController,
    NotAPlugin,
    UnknownPlugin,
    VerificationFailed,
)
from builder.model.controller import LOCK
from builder.model.report import Ending, Observation, Status
from builder.sources import decide, image_contents
from tests.fakes.booter import FakeBooter
from tests.fakes.plugins import archive, manifest, plugin
from tests.fakes.story import ASKED, FILES, FORMULA, image, lock_of, read
from tests.fakes.world import FakeWorld, fake_world

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


def test_the_image_tells_its_own_lock(made: FakeWorld, path: Path) -> None:
    receipt = image(made.world, path)
    written = lock.from_bytes(lock_of(path).read_bytes(), lock_of(path))
    assert image_contents.read(made.world, made.engine, receipt.reference) == written
    with made.engine.opened(receipt.reference) as files:
        assert files.read(LOCK, limit=1 << 20) == lock_of(path).read_bytes()


def test_a_formula_becomes_a_verifiedimage(made: FakeWorld, path: Path) -> None:
    receipt = image(made.world, path)
    assert receipt.reference == "example/sample:dev"
    assert receipt.report is not None
    skipped = {each.check.id for each in receipt.report.findings if each.status is Status.SKIPPED}
    asked_nothing = {"access.admin", "access.console"}  # the fake was prepared with fewer pages
    lacks = ("owner", "identity", "websocket", "remoting")
    no_such_page = {f"agent.{each}" for each in lacks}
    assert skipped - asked_nothing == no_such_page | {"login.works", "plugins.active"}
    assert receipt.report.passed
    names = [each.name for each in receipt.stages]
    assert names == ["inspect", "resolve", "base", "lock", "fetch", "war", "image", "verify"]


def test_a_second_run_downloads_nothing_and_gives_the_same(made: FakeWorld, path: Path) -> None:
    first = image(made.world, path)
    runs = list(made.artifacts.runs)
    second = image(made.world, path, frozen=True)
    assert made.artifacts.runs == runs
    assert (second.image_id, second.war_digest, second.lock_digest) == (
        first.image_id,
        first.war_digest,
        first.lock_digest,
    )


def test_each_round_asks_maven_once_for_all_it_lacks(made: FakeWorld, path: Path) -> None:
    image(made.world, path)
    asked = [[str(each) for each in run] for run in made.artifacts.runs]
    assert asked == [
        ["org.example:controller:3.3.2"],
        ["org.example:git:1.9"],
        ["org.mail:mailer:1.2"],
    ]


def test_a_plan_changes_nothing_but_the_store(made: FakeWorld, path: Path) -> None:
    formula = read(made.world, path)
    settled = decide.decide(made.world, formula, lock_of(path), ASKED, frozen=False)
    plan = pipeline.make_plan(made.world, formula, settled.lock)
    assert plan.fetches == ()
    assert not lock_of(path).exists()
    assert made.engine.images == {}


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
        ("org.example:git:1.9", plugin("git", "1.9", core="4.0"), DemandsConflict),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_before_anything_is_written(
    path: Path, tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    broken = fake_world(tmp_path / "store", {**FILES, name: content})
    with pytest.raises(error):
        image(broken.world, path)
    assert not lock_of(path).exists()
    assert broken.engine.images == {}


def test_a_broken_template_is_refused_before_the_lock_is_written(
    made: FakeWorld, path: Path
) -> None:
    (path.parent / "Dockerfile.template").write_text("FROM {{ base }}\nLABEL a={{ nothing }}\n")
    with pytest.raises(FormulaInvalid) as caught:
        image(made.world, path)
    assert str(caught.value.problems[0].place).endswith("Dockerfile.template:2:1")
    assert not lock_of(path).exists()


def test_an_unknown_plugin_is_named_with_its_place_and_neighbours(
    made: FakeWorld, path: Path
) -> None:
    path.write_text(FORMULA.replace("plugins:\n", "plugins:\n  - mailr:1.2\n"))
    with pytest.raises(UnknownPlugin) as caught:
        image(made.world, path)
    assert str(caught.value.place).endswith("formula.yaml:4:5")
    assert caught.value.near == ("mailer",)
    assert not lock_of(path).exists()


def test_a_missing_file_is_named_with_its_place_or_with_who_needs_it(
    path: Path, tmp_path: Path
) -> None:
    for gone, line, demanders in (
        ("org.example:git:1.9", 4, ()),
        ("org.mail:mailer:1.2", 0, ("git",)),
    ):
        files = {name: content for name, content in FILES.items() if name != gone}
        world = fake_world(tmp_path / f"store without {gone}", files).world
        with pytest.raises(ArtifactsMissing) as caught:
            image(world, path)
        assert [each.line for each in caught.value.places] == ([line] if line else [])
        assert caught.value.needed_by == demanders


def test_an_image_that_fails_its_checks_gives_no_receipt(made: FakeWorld, path: Path) -> None:
    blind = replace(made.world, booter=FakeBooter(images={"example/sample:dev": _EXITED}))
    with pytest.raises(VerificationFailed) as caught:
        image(blind, path)
    statuses = {each.check.id: each.status for each in caught.value.report.findings}
    assert statuses.pop("boot.ready") is Status.FAILED
    assert Status.PASSED not in statuses.values()
