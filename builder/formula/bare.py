"""A formula that is nothing but wishes: for whoever has a plugin list and no formula."""

from builder.model.controller import jenkins_war
from builder.model.formula import Bundle, Formula, ImageWishes, TrialWishes, Wish
from builder.version import Version

ANY_CORE = Version("")
"""Stands for the core that the catalogue is for."""


def bare(wishes: tuple[Wish, ...], core: Version | None, *, file: str) -> Formula:
    """Make a formula for Jenkins out of wishes alone.

    Args:
        wishes: each with its place.
        core: to choose for; None is the one that the catalogue is for.
        file: where the wishes stand, for people.
    """
    return Formula(
        file=file,
        bundle=Bundle(group="io.jenkins", artifact="plugins", version="1"),
        war=jenkins_war(core or ANY_CORE),
        plugins=wishes,
        repositories=(),
        image=ImageWishes(base=None),
        trial=TrialWishes(),
    )
