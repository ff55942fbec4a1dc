"""Reads OCI layouts and docker-archives by the specification, and by no code of ours."""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import zstandard

NAME = "org.opencontainers.image.ref.name"


def blob(layout: Path, digest: str) -> bytes:
    """Read a blob and check its digest."""
    content = (layout / "blobs" / "sha256" / digest.removeprefix("sha256:")).read_bytes()
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == digest
    return content


def index(layout: Path) -> list[dict[str, Any]]:
    """List what the index names."""
    assert json.loads((layout / "oci-layout").read_bytes()) == {"imageLayoutVersion": "1.0.0"}
    listed: list[dict[str, Any]] = json.loads((layout / "index.json").read_bytes())["manifests"]
    for each in listed:
        assert len(blob(layout, each["digest"])) == each["size"]
    return listed


def manifest(layout: Path, described: dict[str, Any]) -> dict[str, Any]:
    """Read a manifest and check all that it names."""
    found: dict[str, Any] = json.loads(blob(layout, described["digest"]))
    diff_ids = config(layout, found)["rootfs"]["diff_ids"]
    for each, diff_id in zip(found["layers"], diff_ids, strict=True):
        assert len(blob(layout, each["digest"])) == each["size"]
        assert f"sha256:{hashlib.sha256(unpacked(layout, each)).hexdigest()}" == diff_id
    return found


def config(layout: Path, of: dict[str, Any]) -> dict[str, Any]:
    """Read the configuration that a manifest names."""
    found: dict[str, Any] = json.loads(blob(layout, of["config"]["digest"]))
    return found


def unpacked(layout: Path, described: dict[str, Any]) -> bytes:
    """Read a layer as a tar."""
    content = blob(layout, described["digest"])
    match described["mediaType"].rpartition("+")[2]:
        case "gzip":
            return gzip.decompress(content)
        case "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(content)
    assert described["mediaType"] == "application/vnd.oci.image.layer.v1.tar"
    return content


def tags(layout: Path) -> dict[str, str]:
    """Give the id of the image by each of its tags."""
    if not layout.exists():
        return {}
    listed = [each for each in index(layout) if each["mediaType"].endswith("manifest.v1+json")]
    return {
        each["annotations"][NAME]: manifest(layout, each)["config"]["digest"]
        for each in listed
        if "annotations" in each
    }


def entries(tar: bytes) -> dict[str, tarfile.TarInfo]:
    """List a tar by name."""
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        return {each.name: each for each in opened}
