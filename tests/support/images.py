"""Images made on the spot: small, valid, and the same bytes every time."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from builder.model.digest import Digest

_OCI = "application/vnd.oci.image"
_DOCKER = "application/vnd.docker"


def layer(files: Mapping[str, bytes]) -> bytes:
    """Write the tar of a layer."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), 0o755
            tar.addfile(entry, io.BytesIO(files[name]))
    return out.getvalue()


def config(platform: str, layers: tuple[bytes, ...]) -> bytes:
    """Write the config of an image."""
    system, machine, *variant = platform.split("/")
    document: dict[str, object] = {
        "os": system,
        "architecture": machine,
        "config": {"Env": ["PATH=/bin", "JENKINS_VERSION=2.346.3"], "User": "jenkins"},
        "rootfs": {"type": "layers", "diff_ids": [str(Digest.of(each)) for each in layers]},
    }
    if variant:
        document["variant"] = variant[0]
    return json.dumps(document).encode()


def image(
    platform: str, files: Mapping[str, bytes], *, docker: bool = False
) -> tuple[bytes, dict[Digest, bytes]]:
    """Give a manifest and its blobs; the layer comes twice, as empty ones do in real images."""
    plain = layer(files)
    zipped = gzip.compress(plain, mtime=0)
    written = config(platform, (plain, plain))
    kind = f"{_DOCKER}.container.image.v1+json" if docker else f"{_OCI}.config.v1+json"
    suffix = "image.rootfs.diff.tar.gzip" if docker else "layer.v1.tar+gzip"
    layer_kind = f"{_DOCKER}.{suffix}" if docker else f"{_OCI}.{suffix}"
    document = {
        "schemaVersion": 2,
        "mediaType": manifest_kind(docker=docker),
        "config": described(kind, written),
        "layers": [described(layer_kind, zipped)] * 2,
    }
    blobs = {Digest.of(each): each for each in (zipped, written)}
    return json.dumps(document).encode(), blobs


def manifest_kind(*, docker: bool) -> str:
    """Name what a manifest is."""
    return f"{_DOCKER}.distribution.manifest.v2+json" if docker else f"{_OCI}.manifest.v1+json"


def described(kind: str, content: bytes) -> dict[str, object]:
    """Write a descriptor."""
    return {"mediaType": kind, "digest": str(Digest.of(content)), "size": len(content)}


def layout(
    folder: Path, platforms: Mapping[str, Mapping[str, bytes]], *, flat: bool = False
) -> Path:
    """Write an OCI layout of an image a platform, in one index; ``flat``: in the layout's own."""
    entries = []
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    for platform, files in platforms.items():
        manifest, parts = image(platform, files)
        system, machine, *variant = platform.split("/")
        named = {
            "os": system,
            "architecture": machine,
            **({"variant": variant[0]} if variant else {}),
        }
        entries.append({**described(manifest_kind(docker=False), manifest), "platform": named})
        for digest, content in {**parts, Digest.of(manifest): manifest}.items():
            (blobs / digest.hex).write_bytes(content)
    if not flat and len(entries) > 1:
        kind = f"{_OCI}.index.v1+json"
        index = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": entries}).encode()
        (blobs / Digest.of(index).hex).write_bytes(index)
        entries = [described(kind, index)]
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": entries}))
    return folder


def oci_archive(folder: Path, target: Path) -> Path:
    """Pack an OCI layout, as other tools do."""
    with tarfile.open(target, "w") as out:
        for each in sorted(folder.rglob("*")):
            out.add(each, f"./{each.relative_to(folder)}", recursive=False)
    return target


def docker_archive(target: Path, platform: str, files: Mapping[str, bytes]) -> Path:
    """Write what ``docker save`` of an old engine does: a layer that comes twice is a link."""
    plain = layer(files)
    written = config(platform, (plain, plain))
    named = f"{Digest.of(written).hex}.json"
    listing = [{"Config": named, "RepoTags": ["a:1"], "Layers": ["one/layer.tar", "two/layer.tar"]}]
    with tarfile.open(target, "w") as out:
        for name, content in _entries(named, written, plain, listing):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo("two/layer.tar")
        link.type, link.linkname = tarfile.SYMTYPE, "../one/layer.tar"
        out.addfile(link)
    return target


def _entries(
    named: str, written: bytes, plain: bytes, listing: object
) -> Iterator[tuple[str, bytes]]:
    yield named, written
    yield "one/layer.tar", plain
    yield "manifest.json", json.dumps(listing).encode()
