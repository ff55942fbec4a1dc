"""Our own engine: the same bytes in every run, written once, in every packing."""

import io
import json
import tarfile
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.adapters.base_images import CopiedImages
from builder.adapters.oci import OciEngine
from builder.adapters.oci_layers import Packing
from builder.adapters.oci_load import DockerLoader
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken, BuildFailed, PlatformsRefused
from builder.model.base_wishes import LayoutBase
from builder.model.build import ContextFile, ImageContext
from builder.model.stored import StoredFile
from tests.fakes import layouts

BASE = "jbuild/base:1"
TIME_S = 1_234_567_890
LINES = (
    "COPY --chown=1000:1000 big/ /tmp/deep/",
    "COPY small/ /run/",
    "ENV A=b",
    "WORKDIR /srv/work",
    'ENTRYPOINT ["/x"]',
)


def base(store: FolderStore, time_s: int = TIME_S) -> StoredFile:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, mode in (("tmp", 0o1777), ("var", 0o755), ("var/run", 0o750)):
            entry = tarfile.TarInfo(f"./{path}")
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, mode, time_s
            tar.addfile(entry)
        link = tarfile.TarInfo("./run")
        link.type, link.linkname = tarfile.SYMTYPE, "var/run"
        tar.addfile(link)
    return store.add([out.getvalue()])


def context(small: bytes = b"small", lines: tuple[str, ...] = LINES) -> ImageContext:
    def file(name: str, source: bytes | None) -> ContextFile:
        return ContextFile(name=PurePosixPath(name), source=source, mode=0o640, time_s=TIME_S)

    files = (file("big", None), file("big/a", b"a" * 9000), file("small", None))
    return ImageContext(
        dockerfile="\n".join((f"FROM {BASE}", *lines, "")),
        files=(*files, file("small/b", small)),
    )


def built(
    folder: Path, made: ImageContext, packing: Packing = Packing.NONE, output: str = "layout"
) -> Path:
    store = FolderStore(folder / "store")
    engine = OciEngine(store, output=folder / output, packing=packing)
    tar = base(store)
    engine.import_base(tar, BASE)
    engine.build(made, ("a/b:1", "c:2"))
    return folder / output


def tree(folder: Path) -> dict[str, bytes]:
    files = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


@pytest.mark.parametrize("packing", list(Packing))
def test_two_folders_hold_the_same_bytes(tmp_path: Path, packing: Packing) -> None:
    first, second = (built(tmp_path / each, context(), packing) for each in "ab")
    assert tree(first) == tree(second)
    one, two = layouts.index(first)
    assert one["digest"] == two["digest"]
    assert [e["annotations"][layouts.NAME] for e in (one, two)] == ["a/b:1", "c:2"]
    found = layouts.manifest(first, one)
    assert {each["mediaType"] for each in found["layers"]} == {packing.media_type}


def test_the_id_does_not_depend_on_the_packing(tmp_path: Path) -> None:
    ids = {str(layouts.tags(built(tmp_path / e.value, context(), e))) for e in Packing}
    assert len(ids) == 1


def test_a_layer_names_what_is_above_its_files_as_it_is_below(tmp_path: Path) -> None:
    layout = built(tmp_path, context())
    found = layouts.manifest(layout, layouts.index(layout)[0])
    big, small, work = (
        {
            name: (each.mode, each.uid, each.mtime)
            for name, each in layouts.entries(layouts.unpacked(layout, layer)).items()
        }
        for layer in found["layers"][1:]
    )
    assert big == {
        "tmp": (0o1777, 0, 946_684_800),
        "tmp/deep": (0o755, 1000, 946_684_800),
        "tmp/deep/a": (0o640, 1000, TIME_S),
    }
    assert small == {
        "var": (0o755, 0, 946_684_800),
        "var/run": (0o750, 0, 946_684_800),
        "var/run/b": (0o640, 0, TIME_S),
    }
    assert set(work) == {"srv", "srv/work"}
    said = layouts.config(layout, found)
    assert said["config"]["WorkingDir"] == "/srv/work"
    assert said["architecture"] == "amd64"
    made = [not each.get("empty_layer", False) for each in said["history"]]
    assert sum(made) == len(found["layers"])


def test_platforms_share_every_layer_but_those_of_their_bases(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    engine = OciEngine(store, output=tmp_path / "layout")
    engine.import_base(base(store), BASE, "linux/amd64")
    engine.import_base(base(store, TIME_S + 7), BASE, "linux/arm64")
    both = replace(context(), platforms=("linux/amd64", "linux/arm64"))
    engine.build(both, ("a:1", "b:2"))
    layout = tmp_path / "layout"
    one, two = layouts.index(layout)
    assert one["digest"] == two["digest"]
    entries = json.loads(layouts.blob(layout, one["digest"]))["manifests"]
    said = [f"{e['platform']['os']}/{e['platform']['architecture']}" for e in entries]
    assert said == ["linux/amd64", "linux/arm64"]
    amd64, arm64 = (layouts.manifest(layout, each)["layers"] for each in entries)
    assert amd64[1:] == arm64[1:]
    assert amd64[0] != arm64[0]
    configs = [layouts.config(layout, layouts.manifest(layout, each)) for each in entries]
    assert [each["architecture"] for each in configs] == ["amd64", "arm64"]
    alone = OciEngine(store, output=tmp_path / "alone")
    alone.import_base(base(store, TIME_S + 7), BASE, "linux/arm64")
    alone.build(replace(context(), platforms=("linux/arm64",)), ("a:1",))
    assert layouts.index(tmp_path / "alone")[0]["digest"] == entries[1]["digest"]


@pytest.mark.parametrize(
    ("output", "loads", "platforms", "fault"),
    [
        (None, False, ("linux/amd64", "linux/arm64"), "only an OCI layout"),
        ("a.tar", False, ("linux/amd64", "linux/arm64"), "only an OCI layout"),
        ("a", True, ("linux/riscv64",), "none to boot"),
    ],
)
def test_platforms_that_nothing_can_hold_or_boot_are_refused(
    tmp_path: Path, output: str | None, loads: object, platforms: tuple[str, ...], fault: str
) -> None:
    engine = OciEngine(
        FolderStore(tmp_path),
        output=tmp_path / output if output else None,
        loader=DockerLoader() if loads else None,
    )
    with pytest.raises(PlatformsRefused, match=fault):
        engine.require(platforms)
    engine.require(())


def test_nothing_new_writes_nothing_and_one_file_one_layer(tmp_path: Path) -> None:
    built(tmp_path, context())
    before = tree(tmp_path / "store" / "files")
    built(tmp_path, context())
    assert tree(tmp_path / "store" / "files") == before
    built(tmp_path, context(b"other"))
    new = set(tree(tmp_path / "store" / "files")) - set(before)
    assert len([each for each in new if not each.endswith(".json")]) == 1


def test_a_docker_archive_holds_every_layer(tmp_path: Path) -> None:
    with tarfile.open(built(tmp_path, context(), output="image.tar")) as tar:
        found = {each.name: tar.extractfile(each) for each in tar}
        content = {name: each.read() for name, each in found.items() if each}
    (said,) = json.loads(content["manifest.json"])
    assert said["RepoTags"] == ["a/b:1", "c:2"]
    assert {said["Config"], *said["Layers"], "manifest.json"} == set(content)


def test_a_base_may_be_an_image_of_its_own(tmp_path: Path) -> None:
    below = built(tmp_path / "below", context(), Packing.GZIP)
    store = FolderStore(tmp_path / "store")
    wished = LayoutBase(path=PurePosixPath("layout"))
    pin = CopiedImages(store).bring(wished, below.parent, platform="linux/amd64")
    packed = store.find(pin.digest)
    assert packed is not None
    for folder in ("one", "two"):  # read, then remembered
        engine = OciEngine(store, output=tmp_path / folder)
        engine.import_base(packed, BASE)
        engine.build(context(lines=("COPY small/ /tmp/", "ENV C=d")), ("e:1",))
    layout = tmp_path / "one"
    assert tree(layout) == tree(tmp_path / "two")
    made = layouts.manifest(layout, layouts.index(layout)[0])
    known = layouts.manifest(below, layouts.index(below)[0])
    assert made["layers"][:-1] == known["layers"]
    said = layouts.config(layout, made)["config"]
    assert said["Env"][1:] == ["A=b", "C=d"]
    assert (said["Entrypoint"], said["WorkingDir"]) == (["/x"], "/srv/work")
    (top,) = made["layers"][-1:]
    assert layouts.entries(layouts.unpacked(layout, top))["tmp"].mode == 0o1777


def test_what_would_run_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed) as caught:
        built(tmp_path, context(lines=("ENV a=b", "RUN make")))
    assert "Dockerfile:3" in caught.value.said[0]
    assert not (tmp_path / "layout").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "layout").mkdir()
    (tmp_path / "layout" / "mine").touch()
    with pytest.raises(BuildFailed):
        built(tmp_path, context())
    assert [each.name for each in (tmp_path / "layout").iterdir()] == ["mine"]


def test_a_base_that_is_no_tar_is_broken(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    engine = OciEngine(store, output=tmp_path / "layout")
    engine.import_base(store.add([b"no tar"]), BASE)
    with pytest.raises(ArchiveBroken):
        engine.build(context(), ("a:1",))
