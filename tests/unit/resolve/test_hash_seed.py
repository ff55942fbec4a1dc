"""Answers, refusals and advice are the same whatever seed Python hashes texts with."""

import os
import subprocess
import sys
from pathlib import Path

_ASKED = """
from builder import advise
from builder.errors import DemandsConflict
from builder.resolve import Question, Universe, settle
from builder.resolve.detached import of_core
from builder.version import Version
from tests.fakes.catalogue import catalogue
from tests.fakes.universe import wish

ids = [f"p{number}" for number in range(30)]
lines = [
    f"{each}:{version} core=2.{300 + 7 * number} needs="
    + ",".join(f"{ids[number // step]}:{version}" for step in (2, 3, 5) if number > step)
    for number, each in enumerate(ids)
    for version in (1, 2, 3)
]
core = Version("2.440.1")
universe = Universe(core=core, catalogue=catalogue(*lines), detached=of_core(core, 17))
for wishes in ("p19 p11 p7:2 p5", "p19:3 p7:1 p3:1 p29", "p17:3 p13:2 p4:1 p2:1 p6:1"):
    question = Question(universe=universe, wishes=tuple(map(wish, wishes.split())))
    try:
        print(settle(question))
    except DemandsConflict as refused:
        print(refused, advise.changes(question, refused.clash))
"""
_ROOT = Path(__file__).parents[3]


def _said(seed: int) -> str:
    done = subprocess.run(  # noqa: S603  # our own code
        (sys.executable, "-c", _ASKED),
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(_ROOT)},
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_seed_of_hashes_cannot_show() -> None:
    said = _said(1)
    assert said.count("Resolution(") == 1
    assert said.count("Change(") > 1
    assert _said(2) == said
