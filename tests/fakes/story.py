"""What both stories share: a formula, what Maven has, and the way to an image."""

from datetime import UTC, datetime
from pathlib import Path

from builder import pipeline
from builder.model.catalogue import Asked
from builder.model.formula import Formula
from builder.model.report import ONCE, Receipt
from builder.ports import World
from tests.fakes.plugins import controller, plugin

ASKED = Asked(now=datetime(2026, 8, 22, tzinfo=UTC), folder=Path())
FORMULA = """\
bundle: {groupId: org.example, artifactId: sample}
war: {groupId: org.example, artifactId: controller, source: {version: 3.3.2}}
plugins:
  - {groupId: org.example, artifactId: git, source: {version: 1.9}}
image:
  base: {debian: sid, packages: [tini]}
  tags: ['example/sample:{{default "dev" .version}}']
"""
FILES = {
    "org.example:controller:3.3.2": controller(
        catalogue='{"plugins": {"mailer": {"groupId": "org.mail", "version": "9"}}}'
    ),
    "org.example:git:1.9": plugin("git", "1.9", "mailer:1.2"),
    "org.mail:mailer:1.2": plugin("mailer", "1.2"),
}


def lock_of(path: Path) -> Path:
    return path.with_name("formula.lock.json")


def read(world: World, path: Path) -> Formula:
    return pipeline.read_formula(world, path, {})


def image(world: World, path: Path, *, frozen: bool = False) -> Receipt:
    formula = read(world, path)
    settled = pipeline.settle_lock(world, formula, lock_of(path), ASKED, frozen=frozen)
    plan = pipeline.make_plan(world, formula, settled.lock)
    return pipeline.carry_out(world, formula, plan, lock_path=lock_of(path), retrial=ONCE)


def wish(name: str, version: str) -> str:
    return f"  - {{groupId: org.example, artifactId: {name}, source: {{version: '{version}'}}}}\n"
