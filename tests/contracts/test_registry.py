"""What ``Registry`` does, against a real one on loopback, and the rules of publishing on top."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import docker
import pytest

from builder.adapters import published_layout
from builder.adapters.base_images import CopiedImages
from builder.adapters.engine import DockerEngine
from builder.adapters.oci_parts import own_platform
from builder.adapters.registry import SkopeoRegistry
from builder.adapters.skopeo import Skopeo
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken, ImageMissing, RegistryRefused, TagTaken
from builder.model.base_wishes import LayoutBase, RegistryBase
from builder.model.digest import Digest
from builder.model.publish import Built, Place, Target
from builder.publish import publish, targets
from tests.fakes import layouts
from tests.support import images, registry
from tests.support.faults import Fault
from tests.support.registry import Front

FILES = {"linux/amd64": {"a": b"amd"}, "linux/arm64": {"a": b"arm"}}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry.running(tmp_path_factory.mktemp("served") / "registry") as found:
        yield found


@dataclass(frozen=True, slots=True)
class Bench:
    """A registry, and images to publish."""

    address: str
    folder: Path

    @property
    def registry(self) -> SkopeoRegistry:
        return SkopeoRegistry(self.store, skopeo=Skopeo(pause=lambda _: None))

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.folder / "store")

    def name(self, tag: str) -> str:
        return f"{self.address}/{self.folder.name.replace('_', '-').lower()}/jenkins:{tag}"

    def layout(self, name: str, content: bytes = b"", *, flat: bool = False) -> Built:
        files = {each: {**FILES[each], "b": content} for each in FILES}
        return published_layout.found(images.layout(self.folder / name, files, flat=flat))

    def tags(self) -> dict[str, str]:
        repository = self.name("").partition("/")[2].rstrip(":")
        return registry.tags(self.address, repository)


@pytest.fixture
def bench(address: str, tmp_path: Path) -> Bench:
    return Bench(address, tmp_path)


def test_a_tag_that_is_not_there_is_none(bench: Bench) -> None:
    assert bench.registry.find(bench.name("1.0")) is None


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_all_platforms_are_pushed_as_one_index_that_has_the_digest_it_had(
    bench: Bench, *, flat: bool, packed: bool
) -> None:
    built = bench.layout("built", flat=flat)
    if packed:
        images.oci_archive(bench.folder / "built", bench.folder / "built.tar")
        shutil.rmtree(bench.folder / "built")
        built = published_layout.found(bench.folder / "built.tar")
    manifest = bench.registry.push(built, Target(reference=bench.name("1.0")))
    identity = bench.registry.identify(built)
    assert (identity.manifest, identity.config) == (manifest, None)
    assert identity.platforms == ("linux/amd64", "linux/arm64")
    assert bench.tags() == {"1.0": str(manifest)}
    for platform, files in FILES.items():
        pin = CopiedImages(bench.store).bring(
            RegistryBase(reference=bench.name("1.0")), bench.folder, platform=platform
        )
        assert pin.manifest == Digest.of(images.image(platform, {**files, "b": b""})[0])


def test_an_image_with_two_names_in_its_layout_is_pushed_as_the_one_it_is(bench: Bench) -> None:
    layout = images.layout(bench.folder / "built", {"linux/amd64": {"a": b"b"}})
    index = json.loads((layout / "index.json").read_bytes())
    (only,) = index["manifests"]
    names = [{**only, "annotations": {layouts.NAME: each}} for each in ("a:1", "b:2")]
    (layout / "index.json").write_text(json.dumps({**index, "manifests": names}))
    built = published_layout.found(layout)
    manifest = bench.registry.push(built, Target(reference=bench.name("1.0")))
    assert manifest == bench.registry.identify(built).manifest
    assert str(manifest) == only["digest"]


def test_each_platform_may_have_a_tag_of_its_own(bench: Bench) -> None:
    built = bench.layout("built")
    wanted = targets((bench.name("1.0"),), git_tag="v1", platforms=tuple(FILES))
    done = publish(bench.registry, built, wanted, move_tags=False)
    assert [each.reference for each in done] == [
        bench.name(tag) for tag in ("1.0", "v1", "1.0-amd64", "1.0-arm64", "v1-amd64", "v1-arm64")
    ]
    assert {each.reference.rpartition(":")[2]: str(each.manifest) for each in done} == bench.tags()
    arm = Digest.of(images.image("linux/arm64", {**FILES["linux/arm64"], "b": b""})[0])
    assert bench.tags()["1.0-arm64"] == str(arm)
    publish(bench.registry, built, wanted, move_tags=False)  # again: nothing has moved


def test_a_version_is_never_moved_unless_told_to_and_nothing_is_pushed(bench: Bench) -> None:
    first, second = bench.layout("first"), bench.layout("second", b"other")
    wanted = targets((bench.name("1.0"), bench.name("latest")), git_tag=None, platforms=())
    done = publish(bench.registry, first, wanted, move_tags=False)
    again = publish(bench.registry, first, wanted, move_tags=False)
    assert [each.was_there for each in (*done, *again)] == [False, False, True, True]
    more = (*wanted, Target(reference=bench.name("stable")))
    with pytest.raises(TagTaken) as caught:
        publish(bench.registry, second, more, move_tags=False)
    assert caught.value.taken == (f"{bench.name('1.0')} is {done[0].manifest}",)
    assert bench.tags() == {"1.0": str(done[0].manifest), "latest": str(done[0].manifest)}
    publish(bench.registry, second, wanted[1:], move_tags=False)  # latest names no version
    moved = publish(bench.registry, second, more, move_tags=True)
    assert set(bench.tags().values()) == {str(moved[0].manifest)} != {str(done[0].manifest)}


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        (Fault.UNAVAILABLE, "/blobs/uploads"),
        (Fault.UNAVAILABLE, "/manifests/"),
        (Fault.GONE, "/blobs/uploads"),
        (Fault.GONE, "/manifests/"),
    ],
)
def test_a_registry_that_fails_for_a_moment_is_asked_again(
    bench: Bench, fault: Fault, pattern: str
) -> None:
    built = bench.layout("built")
    with Front(behind=bench.address).running() as front:
        front.fault(fault, pattern)
        through = Bench(front.address, bench.folder)
        (done,) = publish(
            bench.registry, built, (Target(reference=through.name("1.0")),), move_tags=False
        )
        assert {status for _, _, status in front.log} & {0, 503}
    assert bench.tags() == {"1.0": str(done.manifest)}


def test_a_registry_that_never_answers_is_named_with_its_words(bench: Bench) -> None:
    with Front(behind=bench.address).running() as front:
        front.fault(Fault.UNAVAILABLE, first=1000)
        reference = Bench(front.address, bench.folder).name("1.0")
        with pytest.raises(RegistryRefused) as caught:
            bench.registry.find(reference)
    assert caught.value.reference == reference
    assert "503" in " ".join(caught.value.said)
    assert bench.tags() == {}


def test_a_closed_registry_refuses_and_is_not_asked_again(tmp_path: Path) -> None:
    with (
        registry.running(tmp_path / "registry", closed=True) as behind,
        Front(behind=behind).running() as front,
    ):
        bench = Bench(front.address, tmp_path)
        with pytest.raises(RegistryRefused) as caught:
            bench.registry.push(bench.layout("built"), Target(reference=bench.name("1.0")))
        statuses = [status for _, _, status in front.log]
    assert "auth" in " ".join(caught.value.said)
    assert statuses.count(401) == len(statuses) <= 4


@pytest.mark.parametrize("spoilt", ["nothing", "text"])
def test_what_is_no_image_is_told(bench: Bench, spoilt: str) -> None:
    built = Built(place=Place.LAYOUT, name=str(bench.folder / "built"))
    if spoilt == "text":
        (bench.folder / "built").mkdir()
        (bench.folder / "built/index.json").write_text("{]")
    with pytest.raises(ArchiveBroken):
        bench.registry.identify(built)
    with pytest.raises(ArchiveBroken):
        bench.registry.push(built, Target(reference=bench.name("1.0")))


@pytest.mark.docker
@pytest.mark.enable_socket
def test_what_the_engine_built_is_pushed_and_known_again(
    bench: Bench, request: pytest.FixtureRequest
) -> None:
    images.layout(bench.folder / "base", {own_platform(): {"a": bench.folder.name.encode()}})
    pin = CopiedImages(bench.store).bring(LayoutBase(path=PurePosixPath("base")), bench.folder)
    stored = bench.store.find(pin.digest)
    assert stored is not None
    local = f"jbpublish-{bench.folder.name.replace('_', '-').lower()}:1"
    request.addfinalizer(lambda: remove(local))
    DockerEngine().import_base(stored, local)
    built = Built(place=Place.ENGINE, name=local)
    wanted = (Target(reference=bench.name("1.0")), Target(reference=bench.name("latest")))
    done = publish(bench.registry, built, wanted, move_tags=False)
    assert bench.tags() == {each.reference.rpartition(":")[2]: str(each.manifest) for each in done}
    assert all(each.was_there for each in publish(bench.registry, built, wanted, move_tags=False))
    with closing(docker.from_env()) as client:
        assert client.images.get(local).tags == [local]
    exact = RegistryBase(reference=f"{bench.name('1.0')}@{done[0].manifest}")
    assert CopiedImages(bench.store).bring(exact, bench.folder).manifest == done[0].manifest
    with pytest.raises(ImageMissing):
        bench.registry.identify(Built(place=Place.ENGINE, name="jbpublish/nothing:1"))


def remove(image: str) -> None:
    with closing(docker.from_env()) as client:
        client.images.remove(image, force=True)
