"""What every ``Engine`` does, by buildx: the engine's own BuildKit, and a remote one."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath

import docker
import pytest
from docker.errors import ImageNotFound
from msgspec.structs import replace

from builder.adapters.base_images import CopiedImages
from builder.adapters.buildx import BuildxEngine
from builder.adapters.oci_parts import own_platform
from builder.adapters.store import FolderStore
from builder.errors import BuilderUnreachable, ToolMissing
from builder.model.base_wishes import LayoutBase
from builder.model.build import ImageContext
from builder.settings import Buildx
from tests.contracts import test_engine
from tests.contracts.test_engine import Bench, remove_tree, tiny
from tests.contracts.trees import tree
from tests.support import images, registry
from tests.support.buildkit import remote_builder, require_buildx, use_own_builders

pytestmark = [pytest.mark.docker, pytest.mark.enable_socket]

_OTHERWISE = {  # said of builders below
    "test_no_daemon_is_told_with_its_address",
    "test_a_base_that_is_an_image_brings_its_config_along",
}

# The whole contract once more, with the ``bench`` below.
globals().update(
    {
        name: each
        for name, each in vars(test_engine).items()
        if name.startswith("test_") and name not in _OTHERWISE
    }
)


@pytest.fixture(scope="module", params=["default", "remote"])
def builder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    require_buildx()
    folder = tmp_path_factory.mktemp("buildkit")
    with pytest.MonkeyPatch.context() as patch:
        use_own_builders(folder / "config", patch)
        if request.param == "default":
            yield "default"
        else:
            with remote_builder(folder, f"jbuild-{os.getpid()}") as name:
                yield name


def engine_of(builder: str | None, tmp_path: Path) -> BuildxEngine:
    return BuildxEngine(FolderStore(tmp_path / "store"), Buildx(builder=builder))


@pytest.fixture
def bench(builder: str, tmp_path: Path) -> Iterator[Bench]:
    name = f"jbimage-{uuid.uuid4().hex[:12]}"
    engine = engine_of(builder, tmp_path)
    made = set()

    with closing(docker.from_env()) as client:

        def id_of(reference: str) -> str | None:
            if reference == f"{name}:base":  # a remote builder has no images to look at
                context = ImageContext(dockerfile=f"FROM {reference}\n", files=())
                return engine.build(context, (f"{name}:looked",)).id
            try:
                image = str(client.images.get(reference).id)
            except ImageNotFound:
                return None
            made.add(image)
            return image

        engine.import_base(tiny(tmp_path), f"{name}:base")
        try:
            yield Bench(engine, f"{name}:base", name, id_of)
        finally:
            for tag in {tag for each in client.images.list(name) for tag in each.tags}:
                with suppress(ImageNotFound):
                    client.images.remove(tag, force=True)
            remove_tree(client, f"{name}:base")


def test_a_base_that_is_an_image_is_built_on_by_every_builder(bench: Bench, tmp_path: Path) -> None:
    layout = images.layout(tmp_path / "layout", {own_platform(): {"etc/brought": b"along"}})
    store = FolderStore(tmp_path / "store")
    pin = CopiedImages(store).bring(LayoutBase(path=PurePosixPath("layout")), layout.parent)
    stored = store.find(pin.digest)
    assert stored is not None
    bench.engine.import_base(stored, f"{bench.name}:image")
    context = ImageContext(dockerfile=f"FROM {bench.name}:image\nENV A=b\n", files=())
    bench.engine.build(context, (f"{bench.name}:on-it",))
    with closing(docker.from_env()) as client:
        said = client.images.get(f"{bench.name}:on-it").attrs["Config"]
    assert (said["User"], said["Env"][1:]) == ("jenkins", ["JENKINS_VERSION=2.346.3", "A=b"])
    assert "etc/brought" in tree(f"{bench.name}:on-it")


def test_the_tree_is_that_of_the_docker_engine(bench: Bench, tmp_path: Path) -> None:
    test_engine.require_the_tree_of_docker(bench, tmp_path)


def _shell() -> dict[str, bytes]:
    """Give this machine's shell with what it loads."""
    loads = subprocess.run(("ldd", "/bin/sh"), capture_output=True, text=True, check=True).stdout  # noqa: S607  # Debian's
    paths = ("/bin/sh", *(each for each in loads.split() if each.startswith("/")))
    read = {each.lstrip("/"): Path(each).read_bytes() for each in paths}
    return {**read, "etc/passwd": b"root:x:0:0::/:/bin/sh\n", "etc/group": b"root:x:0:\n"}


def test_a_cache_in_a_registry_serves_a_builder_that_built_nothing_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_buildx()
    use_own_builders(tmp_path / "config", monkeypatch)
    name = f"jbcache-{os.getpid()}"
    line = "USER 0\nRUN read -r each </proc/sys/kernel/random/uuid; echo $each >/once"
    base = images.layout(tmp_path / "layout", {own_platform(): _shell()})
    store = FolderStore(tmp_path / "store")
    pin = CopiedImages(store).bring(LayoutBase(path=PurePosixPath("layout")), base.parent)
    stored = store.find(pin.digest)
    assert stored is not None
    with registry.running(tmp_path / "registry") as host, closing(docker.from_env()) as client:
        ref = f"type=registry,ref={host}/cache"
        once = []
        for number, wishes in enumerate(
            (Buildx(cache_to=(f"{ref},mode=max",)), Buildx(cache_from=(ref,)), Buildx())
        ):
            folder = tmp_path / str(number)
            folder.mkdir()
            with remote_builder(folder, f"{name}-{number}") as builder:
                engine = BuildxEngine(store, replace(wishes, builder=builder))
                engine.import_base(stored, f"{name}:base")
                context = ImageContext(dockerfile=f"FROM {name}:base\n{line}\n", files=())
                engine.build(context, (f"{name}:{number}",))
            built = client.images.get(f"{name}:{number}")
            once.append(built.attrs["RootFS"]["Layers"][-1])
            client.images.remove(f"{name}:{number}", force=True)
        assert registry.tags(host, "cache")
    assert once[0] == once[1] != once[2]


@pytest.mark.parametrize("name", ["jbuild-no-such", "gone"])
def test_a_builder_that_does_not_answer_is_named(
    builder: str, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert builder
    use_own_builders(tmp_path / "config", monkeypatch)
    if name == "gone":
        address = f"unix://{tmp_path}/none"
        assert os.system(f"docker buildx create --name gone --driver remote {address} >&2") == 0  # noqa: S605  # our own words
    with pytest.raises(BuilderUnreachable) as caught:
        engine_of(name, tmp_path).import_base(tiny(tmp_path), "a:1")
    assert name in f"{caught.value.address} {caught.value.said}"
    assert ("none" if name == "gone" else "no builder") in caught.value.said


def test_a_machine_without_docker_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing) as caught:
        engine_of(None, tmp_path).import_base(tiny(tmp_path), "a:1")
    assert (caught.value.tool, caught.value.package) == ("docker", "docker.io")
    program = tmp_path / "docker"
    for said in (
        "docker: 'buildx' is not a docker command.",
        "docker: unknown command: docker buildx",
    ):
        program.write_text(f'#!/bin/sh\necho "{said}"\nexit 1\n')
        program.chmod(0o755)
        with pytest.raises(ToolMissing) as caught:
            engine_of(None, tmp_path).import_base(tiny(tmp_path), "a:1")
        assert caught.value.tool == "docker buildx"
