"""A context as plain files, built by a plain ``docker build`` without network."""

import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import docker
import pytest
from docker.errors import ImageNotFound

from builder.adapters.engine import DockerEngine
from builder.adapters.workspace import FolderWorkspace
from builder.image import context as make_context
from builder.image import listed, plan, portable
from builder.lock import to_bytes
from builder.model.build import Files, ImageContext, War
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from tests.contracts.test_engine import remove_tree, tiny
from tests.contracts.trees import tree
from tests.unit.image import material

pytestmark = [pytest.mark.docker, pytest.mark.enable_socket]


@pytest.fixture
def name() -> Iterator[str]:
    chosen = f"jbcontext-{uuid.uuid4().hex[:12]}"
    yield chosen
    with closing(docker.from_env()) as client:
        for tag in ("engine", "plain"):
            with suppress(ImageNotFound):
                client.images.remove(f"{chosen}:{tag}", force=True)
        remove_tree(client, f"{chosen}:base")


def stock(folder: Path, base: StoredFile) -> tuple[ImageContext, str]:
    """Give the stock image with a plugin and a placed file, and its FROM."""
    path = folder / "git.hpi"
    path.write_bytes(b"git")
    plugin = StoredFile(digest=Digest.of(b"git"), size=3, crc32=0, path=path)
    formula = material.formula(inputs=(("ca.crt", b"ca"),), files=(("ca.crt", "/etc/ssl/ca.crt"),))
    locked = material.lock("git")
    files = Files(core=plugin, plugins=(plugin,), bases=(base,))
    war = War(path=path, digest=material.WAR.digest, size=3)
    planned = plan(formula, locked)
    return make_context(planned, locked, to_bytes(locked), files, war), planned.base_reference


def test_docker_build_gives_the_tree_of_the_engine(tmp_path: Path, name: str) -> None:
    base = tiny(tmp_path)
    made, reference = stock(tmp_path, base)
    engine = DockerEngine()
    engine.import_base(base, f"{name}:base")
    dockerfile = made.dockerfile.replace(reference, f"{name}:base")
    engine.build(ImageContext(dockerfile=dockerfile, files=made.files), (f"{name}:engine",))
    whole = portable(made, reference, base)
    FolderWorkspace().write_folder(tmp_path / "out", listed(whole))
    with closing(docker.from_env()) as client:
        client.images.build(
            path=str(tmp_path / "out"), tag=f"{name}:plain", network_mode="none", rm=True
        )
    plain = tree(f"{name}:plain")
    assert plain["usr/share/jenkins/ref/plugins/git.hpi"].time_s == Digest.of(b"git").time_s
    assert plain == tree(f"{name}:engine")
