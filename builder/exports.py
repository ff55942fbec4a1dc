"""What else is made of a lock or a plan: a context for another builder, a bill of materials."""

from pathlib import Path

from builder import __version__, image, lock, pipeline
from builder.model.build import ImageContext, Plan
from builder.model.digest import Digest
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.ports import World
from builder.sources import stated


def make_context(world: World, formula: Formula, plan: Plan) -> ImageContext:
    """Gather what the image is made of, its base too, so that any builder may build it."""
    base = image.require_portable(plan.image.bases)
    files, packed = pipeline.make_war(world, formula, plan.lock)
    context = image.context(plan.image, plan.lock, lock.to_bytes(plan.lock), files, packed)
    return image.portable(context, plan.image.base_reference, files.bases[0], base)


def write_context(world: World, formula: Formula, plan: Plan, folder: Path) -> None:
    """Write it down as plain files, for a person or any builder."""
    context = make_context(world, formula, plan)
    with world.stages.stage("context") as stage:
        world.workspace.write_folder(folder, image.listed(context))
        stage.note(f"{folder}: build it with `docker build {folder}`")


def make_sbom(world: World, formula: Formula, locked: Lock) -> bytes:
    """Write the bill of materials of a lock; fetch what was never read, and build nothing."""
    from builder import sbom  # noqa: PLC0415  # slow, and few runs want one

    with world.stages.stage("sbom") as stage:
        told = stated.read(world, formula, locked)
        licensed = sum(bool(each.licences) for each in told.values())
        stage.note(f"{len(told)} archives, {licensed} of them state a licence")
        return sbom.document(
            locked,
            told,
            formula.bundle,
            lock_digest=Digest.of(lock.to_bytes(locked)),
            tool_version=__version__,
        )
