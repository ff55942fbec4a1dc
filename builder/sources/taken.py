"""Files of commits that a formula names: hooks and CasC."""

from pathlib import Path

from builder.model.formula import Formula, InputFile
from builder.ports import World


def read(world: World, formula: Formula) -> tuple[InputFile, ...]:
    """Give them as if they lay beside the formula, below a folder for each commit.

    Raises:
        CommitUnavailable: a commit cannot be had.
        OfflineMiss: it was never fetched, and settings say offline.
    """
    found = {
        wanted.root / file.path: file.content
        for wanted in formula.parts.taken
        for file in world.builds.take(wanted, Path(formula.file).parent)
    }
    return tuple(InputFile(path=path, content=content) for path, content in found.items())
