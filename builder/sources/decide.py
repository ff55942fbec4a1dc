"""The decision: every plugin version chosen, and every digest pinned; nothing is written.

May fill the store. ``decide`` takes the lock that fits, and makes one only where none does.
"""

from pathlib import Path

from msgspec.structs import replace

from builder import lock
from builder.model.catalogue import Asked
from builder.model.formula import Dependencies, Formula
from builder.model.lock import Lock, LockDiff, Resolution
from builder.model.plugin import PluginId
from builder.ports import World
from builder.sources import bases, choose, ladder, libraries, locks, mirrors, own, survey
from builder.sources.locks import Settled
from builder.sources.survey import Survey


def decide(world: World, formula: Formula, path: Path, asked: Asked, *, frozen: bool) -> Settled:
    """Take the lock if it fits, else make one that does; ``frozen`` refuses to. Write nothing."""
    locks.require_buildable(formula)
    old = locks.read(world, path)
    changed = locks.stale(formula, old)
    if frozen:
        locks.require(path, old, changed)
    if old and not changed and (frozen or _is_there(world, old)):
        locks.require_vouched(formula, old)
        return Settled(lock=old, diff=LockDiff(changes=()))
    known = survey.survey(world, formula, old, asked)
    made = make_lock(world, formula, known, old)
    return Settled(
        lock=made,
        diff=lock.diff(old, made),
        changed=changed if old else (),
        findings=known.findings,
    )


def _is_there(world: World, old: Lock) -> bool:
    """Say whether the store has what may come out otherwise when it is made again."""
    return bases.is_there(world.store, old) and own.are_there(world.store, old)


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
