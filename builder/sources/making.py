"""A lock where none fits: catalogues are read, versions chosen, and every digest pinned.

May fill the store; nothing else is written.
"""

from msgspec.structs import replace

from builder import lock
from builder.model.catalogue import Asked
from builder.model.formula import Dependencies, Formula
from builder.model.lock import Lock, Resolution
from builder.model.plugin import PluginId
from builder.ports import World
from builder.sources import bases, choose, ladder, libraries, locks, mirrors, survey
from builder.sources.locks import Settled
from builder.sources.survey import Survey


def make_lock(
    world: World, formula: Formula, known: Survey, old: Lock | None, *, upwards: bool = False
) -> Lock:
    """Choose every plugin version and pin its bytes; what ``old`` pins stays where it can."""
    policy = formula.policy
    if upwards and policy.dependencies is Dependencies.LOWEST:
        policy = replace(policy, dependencies=Dependencies.NEWEST)
    resolution = make_resolution(world, replace(formula, policy=policy), known, old)
    roots = mirrors.chosen(formula.catalogue)
    seen = tuple(ladder.seen(world, each, roots) for each in resolution.choices)
    resolution = replace(resolution, choices=seen)
    jars = libraries.settle(world, formula, old)
    settled = bases.settle(world, formula, old)
    made = lock.make(formula, known.looked_into, resolution, settled, known.identities)
    made = replace(made, libraries=jars)
    locks.require_vouched(formula, made)
    return made


def make_resolution(world: World, formula: Formula, known: Survey, old: Lock | None) -> Resolution:
    """Choose every plugin version for the formula's core."""
    with world.stages.stage("resolve") as stage:
        resolution = choose.plugins(world, formula, known, old)
        stage.note(f"{len(resolution.choices)} plugins for {len(formula.plugins)} wishes")
    return resolution


def upgrade(
    world: World, formula: Formula, old: Lock, moving: tuple[PluginId, ...], asked: Asked
) -> Settled:
    """Let some plugins of a lock go wherever the formula lets them; write nothing."""
    locks.require_buildable(formula)
    kept = replace(old, plugins=tuple(e for e in old.plugins if e.plugin not in moving))
    known = survey.survey(world, formula, kept, asked)
    made = make_lock(world, formula, known, kept, upwards=True)
    return Settled(lock=made, diff=lock.diff(old, made), findings=known.findings)
