"""What ``BaseImages`` does, wherever an image comes from."""

import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from builder.adapters.base_images import CopiedImages
from builder.adapters.skopeo import Skopeo
from builder.adapters.store import FolderStore
from builder.errors import DigestMismatch, ImageUnavailable, OfflineMiss, ToolMissing
from builder.model.base_wishes import ArchiveBase, ImageBase, LayoutBase, RegistryBase
from builder.model.digest import Digest
from builder.model.lock import ImagePin
from tests.support import images, registry
from tests.support.faults import Fault
from tests.support.registry import Front

FILES = {
    "linux/amd64": {"usr/local/bin/jenkins.sh": b"#!/bin/sh\n"},
    "linux/arm64": {"arm": b"64"},
    "linux/arm/v7": {"arm": b"7"},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a registry that holds the images for all platforms, and one of Docker's own kind."""
    folder = tmp_path_factory.mktemp("served")
    layout = images.layout(folder / "layout", FILES)
    with registry.running(folder / "registry") as address:
        push(f"oci:{layout}", f"{address}/team/base:1")
        single = images.layout(folder / "single", {"linux/amd64": FILES["linux/amd64"]})
        push(f"oci:{single}", f"{address}/team/docker:1", "--format", "v2s2")
        yield address


def push(source: str, reference: str, *options: str) -> None:
    command = ("skopeo", "copy", "--all", *options, "--dest-tls-verify=false")
    subprocess.run((*command, source, f"docker://{reference}"), check=True, capture_output=True)  # noqa: S603


@dataclass(frozen=True, slots=True)
class Bench:
    """A place where the images are."""

    wished: ImageBase
    folder: Path
    store: FolderStore

    def bring(self, platform: str | None = None, manifest: Digest | None = None) -> ImagePin:
        return images_of(self.store).bring(
            self.wished, self.folder, platform=platform, manifest=manifest
        )


def images_of(store: FolderStore, *, offline: bool = False) -> CopiedImages:
    return CopiedImages(store, offline=offline, skopeo=Skopeo(pause=lambda _: None))


@pytest.fixture(params=["layout", "flat", "archive", "registry"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    where: ImageBase
    match request.param:
        case "registry":
            address = request.getfixturevalue("served")
            where = RegistryBase(reference=f"{address}/team/base:1")
        case "archive":
            images.oci_archive(images.layout(tmp_path / "layout", FILES), tmp_path / "base.tar")
            where = ArchiveBase(path=PurePosixPath("base.tar"))
        case _:
            images.layout(tmp_path / "layout", FILES, flat=request.param == "flat")
            where = LayoutBase(path=PurePosixPath("layout"))
    return Bench(where, tmp_path, FolderStore(tmp_path / "store"))


@pytest.mark.parametrize("platform", FILES)
def test_the_image_of_the_platform_comes_with_the_manifest_it_has(
    bench: Bench, platform: str
) -> None:
    pin = bench.bring(platform)
    manifest, blobs = images.image(platform, FILES[platform])
    assert (pin.platform, pin.wished) == (platform, bench.wished.named)
    assert pin.manifest == Digest.of(manifest)
    stored = bench.store.find(pin.digest)
    assert stored is not None
    assert stored.size == pin.size
    with tarfile.open(stored.path) as tar:
        held = {each.name: member(tar, each.name) for each in tar}
    names = ("oci-layout", "index.json")
    named = {f"blobs/sha256/{d.hex}": c for d, c in {**blobs, pin.manifest: manifest}.items()}
    assert {k: v for k, v in held.items() if k not in names} == named
    assert list(held)[:2] == list(names)


def member(tar: tarfile.TarFile, name: str) -> bytes:
    content = tar.extractfile(name)
    return content.read() if content else b""


def test_the_same_image_is_the_same_archive_wherever_it_comes_from(
    bench: Bench, tmp_path: Path
) -> None:
    layout = images.layout(tmp_path / "other", FILES)
    there = images_of(FolderStore(tmp_path / "s")).bring(
        LayoutBase(path=PurePosixPath("other")), layout.parent, platform="linux/arm64"
    )
    here = bench.bring("linux/arm64")
    assert (here.digest, here.manifest) == (there.digest, there.manifest)


def test_the_locked_image_is_asked_for_by_its_manifest(bench: Bench) -> None:
    locked = bench.bring("linux/arm64")
    assert bench.bring("linux/arm64", locked.manifest) == locked


def test_a_locked_image_that_is_gone_is_never_replaced(bench: Bench) -> None:
    with pytest.raises(ImageUnavailable) as caught:
        bench.bring("linux/arm64", Digest.of(b"another"))
    assert caught.value.image == bench.wished.named


def test_a_platform_that_is_not_there_is_told_with_those_that_are(bench: Bench) -> None:
    with pytest.raises(ImageUnavailable) as caught:
        bench.bring("linux/s390x")
    assert "linux/s390x" in caught.value.said[0]
    assert all(each in caught.value.said[0] for each in FILES)


def test_an_archive_of_docker_is_an_image_for_its_platform(tmp_path: Path) -> None:
    images.docker_archive(tmp_path / "base.tar", "linux/arm64", FILES["linux/arm64"])
    wished = ArchiveBase(path=PurePosixPath("base.tar"))
    bench = Bench(wished, tmp_path, FolderStore(tmp_path / "store"))
    pin = bench.bring("linux/arm64")
    assert bench.bring("linux/arm64") == pin
    stored = bench.store.find(pin.digest)
    assert stored is not None
    with tarfile.open(stored.path) as tar:
        manifest = json.loads(member(tar, f"blobs/sha256/{pin.manifest.hex}"))
        below, above = manifest["layers"]
        content = member(tar, f"blobs/{below['digest'].replace(':', '/')}")
    assert below == above
    assert content == images.layer(FILES["linux/arm64"])
    with pytest.raises(ImageUnavailable) as caught:
        bench.bring("linux/amd64")
    assert caught.value.said == ("0 images in it are for linux/amd64; there are: linux/arm64",)


def test_the_archive_that_locks_pin_is_the_same_in_every_release(tmp_path: Path) -> None:
    """Another digest here, and no lock with such a base could be built from any more."""
    images.docker_archive(tmp_path / "base.tar", "linux/arm64", FILES["linux/arm64"])
    wished = ArchiveBase(path=PurePosixPath("base.tar"))
    pin = Bench(wished, tmp_path, FolderStore(tmp_path / "store")).bring("linux/arm64")
    assert pin.digest.hex[:16] == "3b37c240f43d093a"


def test_a_manifest_of_docker_s_own_kind_keeps_its_digest(served: str, tmp_path: Path) -> None:
    wished = RegistryBase(reference=f"{served}/team/docker:1")
    pin = Bench(wished, tmp_path, FolderStore(tmp_path / "store")).bring("linux/amd64")
    assert str(pin.manifest) == registry.tags(served, "team/docker")["1"]


def test_a_reference_with_a_digest_is_that_image(served: str, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    base = Bench(RegistryBase(reference=f"{served}/team/base:1"), tmp_path, store)
    locked = base.bring("linux/arm64")
    exact = RegistryBase(reference=f"{served}/team/base:any@{locked.manifest}")
    assert Bench(exact, tmp_path, store).bring("linux/arm64").digest == locked.digest


@pytest.mark.parametrize("spoilt", ["nothing", "text", "damaged", "missing"])
def test_what_is_no_image_is_told(tmp_path: Path, spoilt: str) -> None:
    folder = tmp_path / "layout"
    if spoilt == "text":
        folder.mkdir()
        (folder / "index.json").write_text("{]")
    elif spoilt != "nothing":
        images.layout(folder, {"linux/amd64": {"a": b"b"}})
        manifest, blobs = images.image("linux/amd64", {"a": b"b"})
        blob = folder / "blobs/sha256" / min(blobs, key=lambda each: -len(blobs[each])).hex
        if spoilt == "missing":
            blob.unlink()
        else:
            (folder / "blobs/sha256" / Digest.of(manifest).hex).write_bytes(manifest + b" ")
    wished = LayoutBase(path=PurePosixPath("layout"))
    with pytest.raises(ImageUnavailable) as caught:
        Bench(wished, tmp_path, FolderStore(tmp_path / "store")).bring("linux/amd64")
    assert caught.value.said[0]


def test_offline_no_registry_is_asked(tmp_path: Path) -> None:
    wished = RegistryBase(reference="127.0.0.1:1/team/base:1")
    with pytest.raises(OfflineMiss) as caught:
        images_of(FolderStore(tmp_path / "store"), offline=True).bring(wished, tmp_path)
    assert caught.value.wanted == ("the image 127.0.0.1:1/team/base:1",)


def test_a_missing_skopeo_is_named_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wished = RegistryBase(reference="127.0.0.1:1/team/base:1")
    with pytest.raises(ToolMissing) as caught:
        images_of(FolderStore(tmp_path / "store")).bring(wished, tmp_path)
    assert (caught.value.tool, caught.value.package) == ("skopeo", "skopeo")


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.GONE])
def test_a_registry_that_fails_for_a_moment_is_asked_again(
    served: str, tmp_path: Path, fault: Fault
) -> None:
    with Front(behind=served).running() as front:
        front.fault(fault, "/blobs/", first=1)
        front.fault(fault, "/manifests/1", first=1)
        wished = RegistryBase(reference=f"{front.address}/team/base:1")
        pin = Bench(wished, tmp_path, FolderStore(tmp_path / "store")).bring("linux/arm64")
    assert pin.manifest == Digest.of(images.image("linux/arm64", FILES["linux/arm64"])[0])


def test_a_name_that_no_registry_has_is_told_in_its_words(served: str, tmp_path: Path) -> None:
    wished = RegistryBase(reference=f"{served}/team/nothing:1")
    with pytest.raises(ImageUnavailable) as caught:
        Bench(wished, tmp_path, FolderStore(tmp_path / "store")).bring()
    assert any("unknown" in line for line in caught.value.said)


@pytest.mark.parametrize("kept", ["auths", "credHelpers", "credsStore"])
def test_a_closed_registry_is_opened_by_docker_s_config_and_its_helpers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    with registry.running(tmp_path / "registry", closed=True) as address:
        config = tmp_path / "config"
        login(config, tmp_path / "bin", address, kept)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
        monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        wished = RegistryBase(reference=f"{address}/team/base:1")
        bench = Bench(wished, tmp_path, FolderStore(tmp_path / "store"))
        with pytest.raises(ImageUnavailable) as caught:
            bench.bring()
        assert "unauthorized" in "".join(caught.value.said) or "authentication" in "".join(
            caught.value.said
        )
        monkeypatch.setenv("DOCKER_CONFIG", str(config))
        with pytest.raises(ImageUnavailable) as caught:
            bench.bring()
        assert any("unknown" in line for line in caught.value.said)  # it is empty, but was opened


def login(config: Path, programs: Path, address: str, kept: str) -> None:
    """Write Docker's config, and a helper of the kind that keeps passwords elsewhere."""
    config.mkdir()
    programs.mkdir()
    document: dict[str, object] = {"credHelpers": {address: "test"}}
    if kept == "auths":
        document = {"auths": {address: {"auth": "amJ1aWxkOm5vdC1hLXNlY3JldA=="}}}
    elif kept == "credsStore":
        document = {"credsStore": "test"}
    (config / "config.json").write_text(json.dumps(document))
    answer = json.dumps({"Username": registry.USER, "Secret": registry.PASSWORD})
    helper = programs / "docker-credential-test"
    helper.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{answer}'\n")
    helper.chmod(0o755)


def test_a_layer_that_is_not_what_the_manifest_says_is_never_kept(tmp_path: Path) -> None:
    folder = images.layout(tmp_path / "layout", {"linux/amd64": {"a": b"b"}})
    _, blobs = images.image("linux/amd64", {"a": b"b"})
    layer = next(each for each, content in blobs.items() if content[:2] == b"\x1f\x8b")
    (folder / "blobs/sha256" / layer.hex).write_bytes(b"else")
    store = FolderStore(tmp_path / "store")
    with pytest.raises(DigestMismatch) as caught:
        Bench(LayoutBase(path=PurePosixPath("layout")), tmp_path, store).bring("linux/amd64")
    assert (caught.value.wanted, caught.value.got) == (layer, Digest.of(b"else"))
    assert not [each for each in (tmp_path / "store").rglob("*") if each.name == "base.tar"]
