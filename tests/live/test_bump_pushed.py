"""Raising one plugin of 175 sends little to a real registry, and all of it arrives whole."""

import hashlib
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from builder.adapters import published_layout
from builder.adapters.engine import DockerEngine
from builder.adapters.oci import OciEngine
from builder.adapters.registry import SkopeoRegistry
from builder.adapters.store import FolderStore
from builder.model.digest import Digest
from builder.model.publish import Built, Place, Target
from builder.ports import Engine
from tests.fakes.many_plugins import COUNT, Set
from tests.live.conftest import remove_image
from tests.support import registry
from tests.support.registry import Front

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
_CONFIGURATION = 2  # layers: what jbuild notes, and the files of a home
_BASE = f"jbuild/bump-base:{os.getpid()}"
_KINDS = ", ".join(
    f"application/vnd.{each}+json"
    for each in ("oci.image.manifest.v1", "docker.distribution.manifest.v2")
)


class Line:
    """From a plugin set to a registry, by one engine."""

    def __init__(self, kind: str, folder: Path, front: Front) -> None:
        self._folder, self._front, self._kind = folder, front, kind
        store = FolderStore(folder / "store")
        self._layout = folder / "layout"
        oci = OciEngine(store, output=self._layout)
        self._engine: Engine = DockerEngine() if kind == "docker" else oci
        self._registry = SkopeoRegistry(store)
        self.tags: list[str] = []

    def push(self, plugins: Set, version: str) -> int:
        """Build and push; give the bytes that the registry was sent."""
        self._engine.import_base(plugins.base, _BASE)
        tag = f"{self._front.address}/bump/{self._kind}:{version}"
        self.tags.append(tag)
        self._engine.build(plugins.context(_BASE), (tag,))
        before = self._front.received
        docker = Built(place=Place.ENGINE, name=tag)
        built = docker if self._kind == "docker" else published_layout.found(self._layout)
        self._registry.push(built, Target(reference=tag))
        return self._front.received - before

    def layers(self, version: str) -> list[str]:
        """List the digests of the layers as the registry has them."""
        place = f"http://{self._front.behind}/v2/bump/{self._kind}/manifests/{version}"
        with urlopen(Request(place, headers={"Accept": _KINDS}), timeout=10) as answer:
            return [each["digest"] for each in json.load(answer)["layers"]]

    def pulled(self, version: str) -> dict[str, Digest]:
        """Pull by another program, and take the digest of every plugin."""
        folder = self._folder / f"pulled-{version}"
        source = f"docker://{self._front.behind}/bump/{self._kind}:{version}"
        command = ("skopeo", "copy", "-q", "--src-tls-verify=false", source, f"dir:{folder}")
        subprocess.run(command, check=True)  # noqa: S603  # our own registry
        found = {}
        for layer in json.loads((folder / "manifest.json").read_bytes())["layers"]:
            with tarfile.open(folder / Digest.parse(layer["digest"]).hex) as tar:
                for each in tar:
                    if each.name.endswith(".hpi") and (content := tar.extractfile(each)):
                        digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]  # reads
                        found[Path(each.name).name] = Digest(digest)
        return found


@pytest.fixture
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    with ExitStack() as stack:
        address = stack.enter_context(registry.running(tmp_path / "registry"))
        front = stack.enter_context(Front(behind=address).running())
        made = Line(request.param, tmp_path, front)
        yield made
        if request.param == "docker":
            for each in (*made.tags, _BASE):
                remove_image(each)


@pytest.mark.parametrize(
    "line", ["oci", pytest.param("docker", marks=pytest.mark.docker)], indirect=True
)
def test_a_bump_sends_its_layer_and_the_configuration_alone(line: Line, tmp_path: Path) -> None:
    plugins, ordered = cold(line, tmp_path)
    before = line.layers("0")
    for number, name in enumerate((ordered[0], ordered[COUNT // 2], ordered[-1]), start=1):
        plugins.bump(name)
        sent = line.push(plugins, str(number))
        after = line.layers(str(number))
        new = [at for at, each in enumerate(after) if each not in before]
        assert len(after) == len(before)
        own, *configuration = new
        assert own < len(after) - _CONFIGURATION <= configuration[0], (name, new)
        assert 0 < sent <= max(2 * plugins.sizes[name], 3_000_000), (name, sent)
        before = after
    assert line.pulled("3") == plugins.placed()


def cold(line: Line, folder: Path) -> tuple[Set, list[str]]:
    """Push the whole set, see that it arrives, and list the plugins by size."""
    (folder / "files").mkdir()
    plugins = Set(folder / "files")
    first = line.push(plugins, "0")
    assert first > sum(plugins.sizes.values())
    assert line.pulled("0") == plugins.placed()
    assert len(plugins.placed()) == COUNT
    return plugins, sorted(plugins.sizes, key=lambda each: plugins.sizes[each])
