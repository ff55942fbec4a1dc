"""What is known of a lock: the catalogues of its formula, read for the core that it pins."""

from builder.model.audit import Known
from builder.model.catalogue import Asked, Listings
from builder.model.controller import Family
from builder.model.formula import Formula
from builder.model.inventory import Contents
from builder.ports import World
from builder.sources import catalogues


def read(world: World, formula: Formula, asked: Asked, locked: Contents) -> Known:
    """Read the catalogues; of Hudson's plugins none tells, so none is read for them."""
    if locked.core.family is not Family.JENKINS:
        return Known(catalogue=Listings(listings=()), image=formula.image)
    found = catalogues.read(world, formula.catalogue, asked, locked.core.version)
    found.merged.ids()  # opens the histories, so that what is found on them is there
    return Known(
        catalogue=found.merged,
        warnings=found.warnings,
        deprecations=found.deprecations,
        cores=found.cores,
        image=formula.image,
        findings=found.findings,
    )
