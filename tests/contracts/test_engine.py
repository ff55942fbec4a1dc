"""What every ``Engine`` does: the fake, a real daemon through the SDK, and our own."""

import io
import platform
import struct
import tarfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import docker
import pytest
from docker.errors import DockerException, ImageNotFound
from msgspec.structs import replace

from builder.adapters.base_images import CopiedImages
from builder.adapters.engine import DockerEngine
from builder.adapters.oci import OciEngine
from builder.adapters.oci_load import DockerLoader
from builder.adapters.oci_parts import own_platform
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken, BuildFailed, EngineUnreachable
from builder.image.context import context as make_context
from builder.image.plan import plan
from builder.lock import to_bytes
from builder.model.base_wishes import LayoutBase
from builder.model.build import ContextFile, ImageContext, War
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from builder.ports import Engine
from tests.contracts.trees import tree
from tests.fakes import layouts
from tests.fakes.engine import FakeEngine
from tests.fakes.interrupts import interrupted_after
from tests.support import images
from tests.unit.image import material

REAL = pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.enable_socket])
LOADED = pytest.param("oci, loaded", marks=[pytest.mark.docker, pytest.mark.enable_socket])
TIME_S = 1_234_567_890


@dataclass(frozen=True, slots=True)
class Bench:
    """An engine, a base that it knows, and a look at what it holds."""

    engine: Engine
    base: str
    name: str  # of the images made here
    id_of: Callable[[str], str | None]

    def context(self, *lines: str, source: Path | bytes = b"content") -> ImageContext:
        file = PurePosixPath("folder/file")
        return ImageContext(
            dockerfile="\n".join((f"FROM {self.base}", *lines)) + "\n",
            files=(
                ContextFile(name=file.parent, source=None, mode=0o755, time_s=TIME_S),
                ContextFile(name=file, source=source, mode=0o640, time_s=TIME_S),
            ),
        )


def tiny(folder: Path) -> StoredFile:
    """Write a tar that holds next to nothing."""
    path = folder / "base.tar"
    with tarfile.open(path, "w") as out:
        for name in ("etc", "var"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            out.addfile(entry)
    content = path.read_bytes()
    return StoredFile(digest=Digest.of(content), size=len(content), crc32=0, path=path)


def in_memory() -> Iterator[Bench]:
    engine = FakeEngine()
    yield Bench(engine, "jbuild/base:test", "jbimage-test", engine.images.get)


def in_layout(folder: Path) -> Iterator[Bench]:
    """Write images into a folder that names them, and keep what each tag has meant."""
    layout = folder / "layout"

    def id_of(reference: str) -> str | None:
        return layouts.tags(layout).get(reference)

    store = FolderStore(folder / "store")
    yield Bench(OciEngine(store, output=layout), "jbuild/base:test", "jbimage-test", id_of)


def in_docker(store: Path | None = None) -> Iterator[Bench]:
    try:
        client = docker.from_env()
    except DockerException:
        pytest.skip("no container engine answers")
    name = f"jbimage-{uuid.uuid4().hex[:12]}"

    def id_of(reference: str) -> str | None:
        try:
            return str(client.images.get(reference).id)
        except ImageNotFound:
            return None

    with closing(client):
        if store:
            engine: Engine = OciEngine(FolderStore(store), loader=DockerLoader())
        else:
            engine = DockerEngine()
        yield Bench(engine, f"{name}:base", name, id_of)
        remove_tree(client, f"{name}:base")
        for image in client.images.list(name):
            client.images.remove(str(image.id), force=True)


def remove_tree(client: docker.DockerClient, image: str) -> None:
    """Remove an image after everything that was built on it."""
    with suppress(ImageNotFound):
        image_id = client.images.get(image).id
        for each in client.api.images(all=True):
            if each["ParentId"] == image_id:
                remove_tree(client, each["Id"])
    with suppress(ImageNotFound):
        client.images.remove(image, force=True)


def benches(param: str, folder: Path) -> Iterator[Bench]:
    if param.startswith("oci"):
        return in_docker(folder / "store") if "loaded" in param else in_layout(folder)
    return in_docker() if param == "docker" else in_memory()


@pytest.fixture(params=["fake", "oci", REAL, LOADED])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    for made in benches(str(request.param), tmp_path):
        made.engine.import_base(tiny(tmp_path), made.base)
        yield made


def test_the_image_is_kept_under_every_tag_and_the_first_names_it(bench: Bench) -> None:
    tags = (f"{bench.name}:one", f"{bench.name}:two")
    built = bench.engine.build(bench.context("COPY folder/ /folder/"), tags)
    assert built.reference == tags[0]
    assert built.id.startswith("sha256:")
    assert [bench.id_of(tag) for tag in tags] == [built.id, built.id]


def test_the_same_context_gives_the_same_id_again(bench: Bench) -> None:
    context, tags = bench.context("COPY folder/ /folder/", "LABEL a=b"), (f"{bench.name}:1",)
    first, second = (bench.engine.build(context, tags) for _ in range(2))
    assert first == second


def test_another_content_gives_another_id(bench: Bench) -> None:
    tags = (f"{bench.name}:1",)
    lines = ("COPY folder/ /folder/",)
    built = {
        bench.engine.build(bench.context(*lines, source=each), tags).id for each in (b"1", b"2")
    }
    assert len(built) == 2


@pytest.mark.parametrize("bench", ["fake", REAL], indirect=True)
def test_a_base_is_imported_once(bench: Bench, tmp_path: Path) -> None:
    before = bench.id_of(bench.base)
    bench.engine.import_base(tiny(tmp_path), bench.base)
    assert before is not None
    assert bench.id_of(bench.base) == before


@pytest.mark.parametrize("bench", ["fake", REAL], indirect=True)
def test_a_base_that_is_an_image_brings_its_config_along(
    bench: Bench, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    layout = images.layout(tmp_path / "layout", {own_platform(): {"etc/brought": b"along"}})
    pin = CopiedImages(FolderStore(tmp_path / "store")).bring(
        LayoutBase(path=PurePosixPath("layout")), layout.parent
    )
    stored = FolderStore(tmp_path / "store").find(pin.digest)
    assert stored is not None
    reference = f"{bench.name}:image"
    bench.engine.import_base(stored, reference)
    again = bench.id_of(reference)
    bench.engine.import_base(stored, reference)
    assert again is not None
    assert bench.id_of(reference) == again
    if isinstance(bench.engine, DockerEngine):
        with closing(docker.from_env()) as client:
            request.addfinalizer(lambda: remove(reference))
            attributes = client.images.get(reference).attrs["Config"]
            assert (attributes["User"], "JENKINS_VERSION=2.346.3" in attributes["Env"]) == (
                "jenkins",
                True,
            )
        assert "etc/brought" in entries(reference, "/etc")


def remove(image: str) -> None:
    with closing(docker.from_env()) as client:
        client.images.remove(image, force=True)


@pytest.mark.parametrize(
    ("line", "step"),
    [("COPY nothing/ /x/", "COPY nothing/ /x/"), ("FETCH x", "FETCH")],
)
def test_a_step_that_fails_is_named_and_tags_nothing(bench: Bench, line: str, step: str) -> None:
    with pytest.raises(BuildFailed) as caught:
        bench.engine.build(bench.context(line), (f"{bench.name}:1",))
    assert step in " ".join((caught.value.step, *caught.value.said))
    assert caught.value.said
    assert bench.id_of(f"{bench.name}:1") is None


def test_an_unknown_base_fails_the_build(bench: Bench) -> None:
    context = ImageContext(dockerfile="FROM 127.0.0.1:1/none:1\n", files=())
    with pytest.raises(BuildFailed) as caught:
        bench.engine.build(context, (f"{bench.name}:1",))
    assert "127.0.0.1:1/none" in " ".join(caught.value.said)


def test_a_file_that_is_gone_is_told_as_such(bench: Bench, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(ArchiveBroken) as caught:
        bench.engine.build(bench.context(source=gone), (f"{bench.name}:1",))
    assert caught.value.path == gone


def test_the_stock_image_is_built(bench: Bench, tmp_path: Path) -> None:
    made = stock(bench, tmp_path)
    built = bench.engine.build(made, (f"{bench.name}:stock",))
    assert bench.id_of(f"{bench.name}:stock") == built.id


def stock(bench: Bench, tmp_path: Path) -> ImageContext:
    """Plan the stock image with one plugin, a hook and files with names that try hard."""
    formula = material.formula(
        inputs=(("hook*[x].sh", b"hook"), ("init.groovy.d/a b.groovy", b"println 1")),
        env=(("GREETING", '"$HOME\\" \\'),),
        files=(
            ("hook*[x].sh", "/opt/we ird/$HOME'\"\\x/h*[x].sh"),
            ("hook*[x].sh", "/etc/base.d/h"),
        ),
    )
    locked, files = material.lock("git"), material.files("git")
    plugin = tmp_path / "git.hpi"
    plugin.write_bytes(b"git")
    files = type(files)(
        core=files.core,
        bases=files.bases,
        plugins=(StoredFile(digest=Digest.of(b"git"), size=3, crc32=0, path=plugin),),
    )
    war = War(path=plugin, digest=material.WAR.digest, size=3)
    planned = plan(formula, locked)
    made = make_context(planned, locked, to_bytes(locked), files, war)
    dockerfile = made.dockerfile.replace(planned.base_reference, bench.base)
    return ImageContext(dockerfile=dockerfile, files=made.files)


def entries(reference: str, path: str) -> dict[str, tarfile.TarInfo]:
    """Read a tree out of an image without running it."""
    with closing(docker.from_env()) as client:
        container = client.containers.create(reference, ["/none"])
        try:
            content = b"".join(container.get_archive(path)[0])
        finally:
            container.remove(v=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {each.name: each for each in tar}


@pytest.mark.parametrize("bench", [REAL, LOADED], indirect=True)
def test_files_keep_mode_time_and_owner_in_the_image(bench: Bench, tmp_path: Path) -> None:
    bench.engine.build(stock(bench, tmp_path), (f"{bench.name}:stock",))
    share = entries(f"{bench.name}:stock", "/usr/share/jenkins")
    plugin, war = share["jenkins/ref/plugins/git.hpi"], share["jenkins/jenkins.war"]
    assert (plugin.mode & 0o777, plugin.uid, plugin.gid) == (0o644, 0, 0)
    assert (plugin.mtime, war.mtime) == (Digest.of(b"git").time_s, material.WAR.digest.time_s)
    assert "jenkins/ref/init.groovy.d/a b.groovy" in share
    script = entries(f"{bench.name}:stock", "/usr/local/bin")["bin/jbuild-start"]
    assert script.mode & 0o777 == 0o755


@pytest.mark.parametrize("bench", [LOADED], indirect=True)
def test_our_own_engine_makes_the_tree_that_docker_makes(bench: Bench, tmp_path: Path) -> None:
    require_the_tree_of_docker(bench, tmp_path)


def require_the_tree_of_docker(bench: Bench, tmp_path: Path) -> None:
    """Build the stock image here and by docker, and compare path by path."""
    context = stock(bench, tmp_path)
    bench.engine.build(context, (f"{bench.name}:here",))
    for other in in_docker():
        other.engine.import_base(tiny(tmp_path), other.base)
        dockerfile = context.dockerfile.replace(bench.base, other.base)
        other.engine.build(replace(context, dockerfile=dockerfile), (f"{other.name}:there",))
        there = tree(f"{other.name}:there")
    here = tree(f"{bench.name}:here")
    assert "usr/share/jenkins/ref/plugins/git.hpi" in here
    assert here == there


@pytest.mark.parametrize("bench", [REAL, LOADED], indirect=True)
def test_the_home_belongs_to_the_user_who_runs(bench: Bench, tmp_path: Path) -> None:
    bench.engine.build(stock(bench, tmp_path), (f"{bench.name}:stock",))
    home = entries(f"{bench.name}:stock", "/var/jenkins_home")["jenkins_home"]
    assert (home.uid, home.gid, home.mode & 0o777) == (1000, 1000, 0o755)
    parent = entries(f"{bench.name}:stock", "/var")["var"]
    assert (parent.uid, parent.gid) == (0, 0)


@pytest.mark.parametrize("bench", [REAL, LOADED], indirect=True)
def test_names_and_values_arrive_as_they_were_wished(bench: Bench, tmp_path: Path) -> None:
    bench.engine.build(stock(bench, tmp_path), (f"{bench.name}:stock",))
    with closing(docker.from_env()) as client:
        attributes = client.images.get(f"{bench.name}:stock").attrs["Config"]
    assert 'GREETING="$HOME\\" \\' in attributes["Env"]
    assert attributes["Labels"]["org.opencontainers.image.vendor"] == 'Ex "Ample" & Co'
    assert attributes["Labels"]["org.opencontainers.image.description"] == "Costs $0 \\ year"
    assert attributes["User"] == "1000:1000"
    placed = entries(f"{bench.name}:stock", "/opt")
    assert "opt/we ird/$HOME'\"\\x/h*[x].sh" in placed


def pause() -> bytes:
    """Assemble a program that waits for ever and needs no shell: ELF for x86-64."""
    code = bytes.fromhex("b8220000000f05ebf7")  # eax = 34, pause; syscall; once more
    start, size = 0x400078, 120 + len(code)
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, start, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, size, size, 4096) + code


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the program is for x86-64")
@pytest.mark.parametrize("bench", [REAL], indirect=True)
def test_an_interrupted_build_leaves_no_container_and_no_tag(bench: Bench) -> None:
    lines = ("COPY folder/ /folder/", 'RUN ["/folder/file"]')
    context = bench.context(*lines, source=pause())
    runnable = tuple(replace(each, mode=0o755) for each in context.files)
    tags = (f"{bench.name}:1",)
    with pytest.raises(KeyboardInterrupt), interrupted_after(5):
        bench.engine.build(replace(context, files=runnable), tags)
    with closing(docker.from_env()) as client:
        deadline = time.monotonic() + 20
        while (left := ours(client)) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert left == []
    assert bench.id_of(tags[0]) is None


def ours(client: docker.DockerClient) -> list[str]:
    """List the containers that run the program above."""
    listed = client.api.containers(all=True)
    return [each["Id"] for each in listed if "/folder/file" in each["Command"]]


@pytest.mark.parametrize("made", ["fake", pytest.param("docker", marks=pytest.mark.enable_socket)])
def test_no_daemon_is_told_with_its_address(made: str, tmp_path: Path) -> None:
    address = f"unix://{tmp_path}/no.sock"
    engine: Engine = FakeEngine(reachable=False) if made == "fake" else DockerEngine(address)
    with pytest.raises(EngineUnreachable) as caught:
        engine.build(ImageContext(dockerfile="FROM a\n", files=()), ("a:1",))
    assert caught.value.said == "No such file or directory"
    assert caught.value.address == ("fake://" if made == "fake" else address)
    with pytest.raises(EngineUnreachable):
        engine.import_base(tiny(tmp_path), "a:1")
