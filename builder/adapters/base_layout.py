"""A base's tar as the smallest OCI layout that names it: one uncompressed layer, no config.

The tar itself stays where it is: the layout links to it, and is for reading only.
Source: opencontainers/image-spec, ``image-layout.md``, ``manifest.md``, ``config.md``.
"""

import json
from pathlib import Path

from builder.adapters import oci_archive
from builder.errors import BuildFailed
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_MEDIA = "application/vnd.oci.image"


def write(folder: Path, base: StoredFile, architecture: str) -> Digest:
    """Write the layout; give the digest of its one manifest.

    Raises:
        BuildFailed: the tar holds an image, and no root file system.
    """
    if oci_archive.is_one(base.path):
        said = (
            "it is an image, which such a builder is not given yet; take --engine docker or oci",
        )
        raise BuildFailed(step="the base", said=said)
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    (blobs / base.digest.hex).symlink_to(base.path.resolve())
    config = _blob(
        blobs,
        {
            "architecture": architecture,
            "os": "linux",
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": [str(base.digest)]},
        },
    )
    layer = {"digest": str(base.digest), "size": base.size}
    manifest = _blob(
        blobs,
        {
            "schemaVersion": 2,
            "mediaType": f"{_MEDIA}.manifest.v1+json",
            "config": {"mediaType": f"{_MEDIA}.config.v1+json", **config},
            "layers": [{"mediaType": f"{_MEDIA}.layer.v1.tar", **layer}],
        },
    )
    listed = {"mediaType": f"{_MEDIA}.manifest.v1+json", **manifest}
    _write(folder / "index.json", {"schemaVersion": 2, "manifests": [listed]})
    _write(folder / "oci-layout", {"imageLayoutVersion": "1.0.0"})
    return Digest.parse(str(manifest["digest"]))


def _blob(blobs: Path, content: dict[str, object]) -> dict[str, object]:
    encoded = json.dumps(content, sort_keys=True).encode()
    digest = Digest.of(encoded)
    (blobs / digest.hex).write_bytes(encoded)
    return {"digest": str(digest), "size": len(encoded)}


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, sort_keys=True), "ascii")
