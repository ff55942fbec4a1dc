"""Many images at once, by a remote BuildKit."""

import os
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath

import docker
import pytest
from docker.errors import ImageNotFound
from msgspec.structs import replace

from builder.adapters.buildx import BuildxEngine
from builder.adapters.store import FolderStore
from builder.errors import BuildFailed
from builder.image import portable
from builder.model.build import BakeTarget, ContextFile, ImageContext
from builder.settings import Buildx
from tests.contracts.test_engine import tiny
from tests.contracts.trees import tree
from tests.support.buildkit import remote_builder, require_buildx, use_own_builders

pytestmark = [pytest.mark.docker, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    require_buildx()
    folder = tmp_path_factory.mktemp("buildkit")
    with pytest.MonkeyPatch.context() as patch:
        use_own_builders(folder / "config", patch)
        with remote_builder(folder, f"jbuild-bake-{os.getpid()}") as name:
            yield name


@pytest.fixture
def targets(tmp_path: Path) -> Iterator[tuple[BakeTarget, ...]]:
    name = f"jbbake-{uuid.uuid4().hex[:12]}"
    yield tuple(_target(each, f"{name}:{each}", tmp_path) for each in ("one", "two"))
    with closing(docker.from_env()) as client:
        for each in ("one", "two"):
            with suppress(ImageNotFound):
                client.images.remove(f"{name}:{each}", force=True)


def _target(name: str, tag: str, folder: Path) -> BakeTarget:
    file = ContextFile(
        name=PurePosixPath("bin/file"), source=name.encode(), mode=0o640, time_s=1_234_567_890
    )
    own = ImageContext(dockerfile="FROM jbuild/base:x\nCOPY bin/ /bin/\n", files=(file,))
    return BakeTarget(name=name, context=portable(own, "jbuild/base:x", tiny(folder)), tags=(tag,))


def test_every_image_is_built_and_loaded(
    builder: str, targets: tuple[BakeTarget, ...], tmp_path: Path
) -> None:
    engine = BuildxEngine(FolderStore(tmp_path / "store"), Buildx(builder=builder))
    built = engine.bake(targets)
    assert [each.reference for each in built] == [each.tags[0] for each in targets]
    trees = [tree(each.reference) for each in built]
    assert [each["bin/file"].mode for each in trees] == [0o640, 0o640]
    assert len({each["bin/file"].content for each in trees}) == 2
    assert all("etc" in each for each in trees)
    with closing(docker.from_env()) as client:
        images = [client.images.get(each.reference) for each in built]
    assert [each.id for each in images] == [each.id for each in built]
    bases = {each.attrs["RootFS"]["Layers"][0] for each in images}
    assert len(bases) == 1


def test_the_target_that_failed_is_named(
    builder: str, targets: tuple[BakeTarget, ...], tmp_path: Path
) -> None:
    engine = BuildxEngine(FolderStore(tmp_path / "store"), Buildx(builder=builder))
    one, two = targets
    broken = replace(two.context, dockerfile=f"{two.context.dockerfile}COPY none/ /x/\n")
    with pytest.raises(BuildFailed) as caught:
        engine.bake((one, replace(two, context=broken)))
    assert caught.value.step.startswith("[two ")
    assert "COPY none/ /x/" in caught.value.step
