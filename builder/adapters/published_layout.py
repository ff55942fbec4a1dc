"""Images as files, on their way to a registry: by what they are known, and put together as one.

Raises ``ValueError`` for what is no image, ``OSError`` as it comes.
"""

import json
import tarfile
from pathlib import Path

from builder.adapters import image_folders, image_parts
from builder.model.digest import Digest
from builder.model.publish import Built, Identity, Place


def found(path: Path) -> Built:
    """Tell what lies at a path: a layout, or one of the two kinds of archive."""
    if path.is_dir():
        return Built(place=Place.LAYOUT, name=str(path.absolute()))
    with tarfile.open(path) as tar:
        names = {each.removeprefix("./") for each in tar.getnames()}
    place = Place.OCI_ARCHIVE if "index.json" in names else Place.DOCKER_ARCHIVE
    return Built(place=place, name=str(path.absolute()))


def identify(built: Built, folder: Path) -> Identity:
    """Read index and configs; of docker's archive only the config is known before it is packed."""
    if built.place is Place.DOCKER_ARCHIVE:
        image = image_folders.of_archive(Path(built.name), folder, None, None)
        return Identity(manifest=None, config=image.config.digest, platforms=(image.platform,))
    whole = with_one_entry(built, folder)
    layout = Path(whole.name)
    images = sorted(image_folders.all_of(layout), key=lambda each: each.platform)
    (top,) = image_parts.choices((layout / "index.json").read_bytes())
    return Identity(
        manifest=top.digest,
        config=images[0].config.digest if len(images) == 1 else None,
        platforms=tuple(each.platform for each in images),
        parts=tuple(Digest.of(each.manifest) for each in images),
    )


def with_one_entry(built: Built, folder: Path) -> Built:
    """Give a layout whose index names one thing, which is what a tag can mean.

    Archives are unpacked into ``folder``. Several images side by side get an index of their own.
    """
    if built.place not in {Place.LAYOUT, Place.OCI_ARCHIVE}:
        return built
    layout = Path(built.name)
    if built.place is Place.OCI_ARCHIVE:
        layout = folder / "unpacked"
        image_folders.unpack(Path(built.name), layout)
    index = (layout / "index.json").read_bytes()
    if len(json.loads(index).get("manifests") or ()) != 1:
        layout = _gathered(layout, index, folder / "gathered")
    return Built(place=Place.LAYOUT, name=str(layout))


def _gathered(layout: Path, index: bytes, target: Path) -> Path:
    """Write the layout anew, with an index among its blobs; the other blobs are linked."""
    document = {
        "schemaVersion": 2,
        "mediaType": image_parts.INDEXES[0],
        "manifests": [_bare(each) for each in json.loads(index)["manifests"]],
    }
    whole = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    blobs = target / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    for each in (layout / "blobs" / "sha256").iterdir():
        link = blobs / each.name
        link.unlink(missing_ok=True)
        link.symlink_to(each.absolute())
    digest = Digest.of(whole)
    (blobs / digest.hex).unlink(missing_ok=True)
    (blobs / digest.hex).write_bytes(whole)
    entry = {"mediaType": image_parts.INDEXES[0], "digest": str(digest), "size": len(whole)}
    (target / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
    (target / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return target


def _bare(entry: dict[str, object]) -> dict[str, object]:
    """Leave out the names that a layout gives its entries."""
    return {name: value for name, value in entry.items() if name != "annotations"}
