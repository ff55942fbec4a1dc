"""Files that a person names to have them looked at: one, or a folder of them."""

from pathlib import Path, PurePosixPath

from builder.errors import Unreadable
from builder.model.formula import InputFile

YAML = {".yaml", ".yml"}
_LARGEST = 16 * 1024**2  # bytes of a file that is read as a whole


def is_pipeline(place: Path) -> bool:
    """Tell a Jenkinsfile by its name."""
    return place.name.startswith("Jenkinsfile") or place.suffix.lower() == ".jenkinsfile"


def is_read(place: Path) -> bool:
    """Say whether it is configuration or a pipeline; anything else is a log."""
    return place.suffix in {*YAML, ".groovy"} or is_pipeline(place)


def within(place: Path) -> tuple[Path, ...]:
    """List what there is to read below a folder, hidden names aside; a file stands for itself."""
    if not place.is_dir():
        return (place,)
    found = (each for each in sorted(place.rglob("*")) if each.is_file() and is_read(each))
    return tuple(each for each in found if not _is_hidden(each.relative_to(place)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read(place: Path) -> InputFile:
    """Read a file.

    Raises:
        Unreadable: it cannot be, or is too large.
    """
    try:
        if place.stat().st_size > _LARGEST:
            raise Unreadable(path=place, fault="it is larger than 16 MiB")
        return InputFile(path=PurePosixPath(place), content=place.read_bytes())
    except OSError as fault:
        raise Unreadable(path=place, fault=fault.strerror or str(fault)) from fault
