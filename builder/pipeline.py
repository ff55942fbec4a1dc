"""The story of one image, top to bottom. Read this file first.

``read_formula`` and ``settle_lock`` decide, ``make_plan`` changes nothing, ``carry_out`` does
what the plan says. Deciding may fill the store, and writes nothing else but the lock.
"""

from collections.abc import Mapping
from pathlib import Path

from builder import formula as formulas
from builder import image, lock, publish, verify, war
from builder.errors import VerificationFailed
from builder.model.build import Files, ImageRef, Plan, War
from builder.model.catalogue import Asked
from builder.model.digest import Digest
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.model.publish import Built, Published, Target
from builder.model.report import ONCE, Receipt, Report, Retrial
from builder.ports import World
from builder.report import masked
from builder.sources import builds, core_parts, decide, download, layered, locks, taken
from builder.sources.locks import Settled


def read_formula(world: World, path: Path, values: Mapping[str, str]) -> Formula:
    """Read the formula, what it extends, and the files that lie beside them."""
    chain = layered.read(world, path)
    top = chain.top
    parsed = formulas.parse(top.text, file=top.file, values=values, below=chain.below)
    image.tags(parsed)  # refuses what no engine takes, before anything is done
    wanted = formulas.input_paths(parsed)
    beside = layered.inputs(world, chain, wanted)
    found = formulas.with_inputs(parsed, (*beside, *taken.read(world, parsed)))
    return builds.looked_into(world, found)


def settle_lock(
    world: World, formula: Formula, path: Path, asked: Asked, *, frozen: bool
) -> Settled:
    """Decide, and write the lock down, unless no image could be planned from it."""
    settled = decide.decide(world, formula, path, asked, frozen=frozen)
    if frozen:
        image.plan(formula, settled.lock)
    else:
        write_lock(world, formula, path, settled)
    return settled


def write_lock(world: World, formula: Formula, path: Path, settled: Settled) -> None:
    """Write a lock down, unless no image could be planned from it."""
    image.plan(formula, settled.lock)
    with world.stages.stage("lock") as stage:
        count = f"{len(settled.lock.plugins)} plugins, {len(settled.diff.changes)} changes"
        stage.note(f"{count}; {locks.vouched(settled.lock)}")
        world.workspace.write(path, lock.to_bytes(settled.lock))


def make_plan(world: World, formula: Formula, locked: Lock) -> Plan:
    """Work out every effect of a build without having one."""
    return Plan(
        lock=locked,
        fetches=download.missing(world.store, locked),
        image=image.plan(formula, locked),
        checks=verify.checks(formula, locked),
        tags=image.tags(formula),
        trial=formula.trial,
    )


def make_war(
    world: World, formula: Formula, locked: Lock, target: Path | None = None
) -> tuple[Files, War]:
    """Fetch what is missing and assemble the WAR: at ``target``, else once into the store."""
    with world.stages.stage("fetch") as stage:
        stage.note(f"{len(download.missing(world.store, locked))} files missing")
        files = download.fetch(world, formula, locked)
    with world.stages.stage("war") as stage:
        core = core_parts.read(world, files.core)
        plan = war.make(
            layout=formula.image.layout,
            locked=locked,
            files=files,
            core_names=core.names,
            changed=war.changes(formula=formula, locked=locked, files=files, core=core),
        )
        packed = download.assemble(world, plan, war.fingerprint(plan), target)
        stage.note(f"{packed.size / 1e6:.1f} MB, {len(plan.added)} entries added")
    return files, packed


def make_image(world: World, formula: Formula, plan: Plan) -> tuple[War, ImageRef]:
    """Build the image that the plan describes."""
    files, packed = make_war(world, formula, plan.lock)
    with world.stages.stage("image") as stage:
        for base, file in zip(plan.image.bases, files.bases, strict=True):
            world.engine.import_base(file, plan.image.base_reference, base.platform)
        written = lock.to_bytes(plan.lock)
        context = image.context(plan.image, plan.lock, written, files, packed)
        built = world.engine.build(context, plan.tags)
        stage.note(f"{built.reference} {built.id[:19]}")
    return packed, built


def examine(
    world: World, formula: Formula, locked: Lock, reference: str, retrial: Retrial = ONCE
) -> Report:
    """Boot an image, and again as wished; judge what is seen, and leave nothing behind."""
    from builder import trials  # noqa: PLC0415  # judges of what nobody may ask for

    with world.stages.stage("verify") as stage:
        seen = trials.examine(world.booter, formula, locked, reference, retrial, world.judges)
        report = masked(seen, formula.image.env)
        stage.note(f"{len(report.findings)} checks")
    return report


def visit(world: World, formula: Formula, locked: Lock, place: str) -> Report:
    """Look at a controller that runs already, and judge what is seen; change nothing there."""
    from builder import trials  # noqa: PLC0415  # as above

    with world.stages.stage("verify") as stage:
        report = masked(
            trials.visit(world.visitor, formula, locked, place, world.judges), formula.image.env
        )
        stage.note(f"{len(report.findings)} checks")
    return report


def require(report: Report) -> None:
    """Stop where a report says no."""
    if not report.passed:
        raise VerificationFailed(report=report)


def send(
    world: World, built: Built, wanted: tuple[Target, ...], *, move_tags: bool
) -> tuple[Published, ...]:
    """Publish an image under every tag, or under none."""
    with world.stages.stage("publish") as stage:
        done = publish.publish(world.registry, built, wanted, move_tags=move_tags)
        stage.note(", ".join(each.reference for each in done))
    return done


def carry_out(
    world: World, formula: Formula, plan: Plan, *, lock_path: Path, retrial: Retrial | None
) -> Receipt:
    """Fetch, assemble, build, boot where a trial is wished; stop at the first refusal."""
    packed, built = make_image(world, formula, plan)
    report = None
    if retrial:
        report = examine(world, formula, plan.lock, built.reference, retrial)
        require(report)
    return Receipt(
        reference=built.reference,
        image_id=built.id,
        platforms=tuple(each.platform for each in plan.lock.bases),
        war_path=str(packed.path),
        war_digest=packed.digest,
        war_size=packed.size,
        lock_path=str(lock_path),
        lock_digest=Digest.of(lock.to_bytes(plan.lock)),
        report=report,
        stages=world.stages.times(),
    )
