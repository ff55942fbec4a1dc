"""The build context as plain files, in a world of fakes."""

from pathlib import Path

from builder import exports, pipeline
from builder.sources import decide
from tests.fakes.story import ASKED, lock_of, read
from tests.fakes.world import FakeWorld


def test_a_plan_s_context_brings_its_base_and_touches_no_engine(
    made: FakeWorld, path: Path, tmp_path: Path
) -> None:
    formula = read(made.world, path)
    settled = decide.decide(made.world, formula, lock_of(path), ASKED, frozen=False)
    plan = pipeline.make_plan(made.world, formula, settled.lock)
    exports.write_context(made.world, formula, plan, tmp_path / "out")
    names = {str(each.relative_to(tmp_path / "out")) for each in (tmp_path / "out").rglob("*")}
    assert {
        "base.tar",
        "Dockerfile",
        "controller/jenkins.war",
        "plugins/bucket/usr/share/jenkins/ref/plugins/git.hpi",
    } <= names
    base = made.world.store.find(plan.image.bases[0].digest)
    assert base is not None
    assert (tmp_path / "out" / "base.tar").read_bytes() == base.path.read_bytes()
    assert plan.image.base_reference not in (tmp_path / "out" / "Dockerfile").read_text()
    assert made.engine.images == {}
    assert not lock_of(path).exists()
