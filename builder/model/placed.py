"""Which files hooks and CasC of a formula are, and their paths below the folder they go to.

Source: custom-war-packager, ``JenkinsWarPatcher.addResource``: a file keeps its name, what a folder
holds keeps its paths below it.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from builder.model.formula import InputFile
from builder.model.war import Resource


def placed(
    resources: Iterable[Resource], inputs: tuple[InputFile, ...]
) -> Iterator[tuple[Resource, PurePosixPath, InputFile]]:
    """Give each file of each resource, and its path below the folder it goes to."""
    for resource in resources:
        for each in inputs:
            if each.path == resource.source:
                yield resource, PurePosixPath(each.path.name), each
            elif each.path.is_relative_to(resource.source):
                yield resource, each.path.relative_to(resource.source), each
