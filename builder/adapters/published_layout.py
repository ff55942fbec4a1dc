"""Images as files, on their way to a registry: by what they are known, and put together as one.

Raises ``ValueError`` for what is no image, ``OSError`` and ``tarfile.TarError`` as they come.
"""

from pathlib import Path

from builder.adapters import oci_read, oci_write
from builder.adapters.oci_read import Layout
from builder.model.publish import Built, Identity, Place


def found(path: Path) -> Built:
    """Tell what lies at a path: a layout, or one of the two kinds of archive."""
    if path.is_dir():
        place = Place.LAYOUT
    else:
        place = Place.OCI_ARCHIVE if oci_read.is_oci(path) else Place.DOCKER_ARCHIVE
    return Built(place=place, name=str(path.absolute()))


def identify(built: Built, folder: Path) -> Identity:
    """Read index and configs; of docker's archive only the config is known before it is packed."""
    whole = _layout(built, folder)
    images = sorted(whole.images(), key=lambda each: each.platform)
    config = images[0].config.digest if len(images) == 1 else None
    platforms = tuple(each.platform for each in images)
    if built.place is Place.DOCKER_ARCHIVE:
        return Identity(manifest=None, config=config, platforms=platforms)
    return Identity(
        manifest=whole.top()[1].digest,
        config=config,
        platforms=platforms,
        parts=tuple(each.manifest.digest for each in images),
    )


def with_one_entry(built: Built, folder: Path) -> Built:
    """Give a layout whose index names one thing, which is what a tag can mean."""
    if built.place not in {Place.LAYOUT, Place.OCI_ARCHIVE}:
        return built
    target = folder / "whole"
    oci_write.with_one_entry(target, _layout(built, folder))
    return Built(place=Place.LAYOUT, name=str(target))


def _layout(built: Built, folder: Path) -> Layout:
    path = Path(built.name)
    return oci_read.layout(path) if built.place is Place.LAYOUT else oci_read.archive(path, folder)
