"""The packager's keys from formula to WAR and image, in a world of fakes."""

import tarfile
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder import lock, pipeline
from builder.cli.main import main
from builder.errors import (
    ArtifactsMissing,
    DigestMismatch,
    FormulaInvalid,
    LockStale,
    NotAController,
    Unvouched,
)
from builder.model.build import War
from builder.model.controller import CASC
from builder.model.lock import Lock
from builder.model.manifest import main_attributes
from builder.war.web_xml import properties_of
from tests.fakes.plugins import archive, controller, manifest, plugin
from tests.fakes.story import ASKED, FILES, FORMULA, image, lock_of, read
from tests.fakes.world import FakeWorld, fake_world

CORE = archive(
    {
        "META-INF/MANIFEST.MF": manifest({"Hudson-Version": "3.3.2", "Main-Class": "Main"})
        + b"Name: Main.class\r\nSHA-256-Digest: x\r\n\r\n",
        "META-INF/JENKINS.SF": b"signed",
        "Main.class": b"code",
        "WEB-INF/lib/remoting-4.13.jar": b"old",
        "WEB-INF/lib/remoting-kafka-1.jar": b"other",
        "WEB-INF/lib/ant-1.10.12.jar": b"ant",
        "WEB-INF/update-center.json": b'updateCenter.post({"plugins": '
        b'{"mailer": {"groupId": "org.mail", "version": "9"}}});',
        "WEB-INF/web.xml": b"<web-app>\n  <filter/>\n</web-app>",
    }
)
CASC_PLUGIN = "io.jenkins:configuration-as-code:1.0"
WORLD = {
    **FILES,
    "org.example:controller:3.3.2": CORE,
    "org.x:remoting:4.14": b"new remoting",
    CASC_PLUGIN: plugin("configuration-as-code", "1.0"),
}
PARTS = """\
systemProperties: {a.b: "true", c: 1.20}
groovyHooks:
  - {type: init, id: one, source: {dir: hooks}}
  - {type: boot-failure, id: two, source: {dir: ./say.groovy}}
casc: [{id: c, source: {dir: conf}}]
libPatches:
  - {groupId: org.x, artifactId: remoting, source: {version: 4.14}}
  - {groupId: org.x, artifactId: own, source: {file: own-1.jar}}
libExcludes: [{groupId: org.apache.ant, artifactId: ant}]
"""
WITH_CASC = FORMULA.replace(
    "image:",
    "  - {groupId: io.jenkins, artifactId: configuration-as-code, source: {version: 1.0}}\nimage:",
)
TITLED = WITH_CASC.replace("artifactId: sample", "artifactId: sample, title: Ours, version: 7.0")


@pytest.fixture
def built(tmp_path: Path, path: Path) -> FakeWorld:
    folder = path.parent
    for name, text in (
        ("hooks/b.groovy", "1"),
        ("hooks/deep/c.groovy", "2"),
        ("say.groovy", "3"),
        ("conf/x.yaml", "jenkins: {}"),
        ("own-1.jar", "own"),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    path.write_text(TITLED + PARTS)
    return fake_world(tmp_path / "store", WORLD)


def war_of(made: FakeWorld, path: Path, *, frozen: bool = False) -> tuple[War, dict[str, bytes]]:
    formula = read(made.world, path)
    settled = pipeline.settle_lock(made.world, formula, lock_of(path), ASKED, frozen=frozen)
    _, packed = pipeline.make_war(made.world, formula, settled.lock, path.parent / "out.war")
    with zipfile.ZipFile(packed.path) as opened:
        return packed, {each: opened.read(each) for each in opened.namelist()}


def test_every_part_is_in_the_war(built: FakeWorld, path: Path) -> None:
    _, entries = war_of(built, path)
    attributes = main_attributes(entries["META-INF/MANIFEST.MF"])
    assert dict(attributes) == {
        "Manifest-Version": "1.0",
        "Hudson-Version": "3.3.2",
        "Main-Class": "Main",
        "Implementation-Title": "Ours",
        "Implementation-Version": "7.0",
    }
    assert b"Digest" not in entries["META-INF/MANIFEST.MF"]
    assert properties_of(entries["WEB-INF/web.xml"]) == (("a.b", "true"), ("c", "1.20"))
    assert sorted(each for each in entries if "META-INF" not in each) == [
        "Main.class",
        "WEB-INF/boot-failure.groovy.d/say.groovy",
        "WEB-INF/init.groovy.d/b.groovy",
        "WEB-INF/init.groovy.d/deep/c.groovy",
        "WEB-INF/lib/own-1.jar",
        "WEB-INF/lib/remoting-4.14.jar",
        "WEB-INF/lib/remoting-kafka-1.jar",
        "WEB-INF/update-center.json",
        "WEB-INF/web.xml",
    ]
    assert entries["WEB-INF/lib/remoting-4.14.jar"] == b"new remoting"
    assert "META-INF/JENKINS.SF" not in entries


def test_casc_lies_in_the_image_beside_the_war_or_with_the_plugins_inside(
    built: FakeWorld, path: Path
) -> None:
    image(built.world, path)
    names = [str(each.name) for each in built.engine.contexts[-1].files]
    assert "casc/x.yaml" in names
    assert f'CASC_JENKINS_CONFIG="{CASC}"' in built.engine.contexts[-1].dockerfile.replace("'", '"')
    path.write_text((TITLED + PARTS).replace("image:", "image:\n  layout: war"))
    formula = read(built.world, path)
    settled = pipeline.settle_lock(built.world, formula, lock_of(path), ASKED, frozen=False)
    plan = pipeline.make_plan(built.world, formula, settled.lock)
    assert "casc/x.yaml" not in [str(each.name) for each in plan.image.files]
    _, entries = war_of(built, path)
    assert entries["WEB-INF/jenkins.yaml.d/x.yaml"] == b"jenkins: {}"
    assert "WEB-INF/plugins/git.hpi" in entries


def test_a_folder_that_a_key_names_is_not_taken_a_second_time(built: FakeWorld, path: Path) -> None:
    path.write_text(
        WITH_CASC + "groovyHooks: [{type: init, id: a, source: {dir: init.groovy.d}}]\n"
    )
    formula = read(built.world, path)
    settled = pipeline.settle_lock(built.world, formula, lock_of(path), ASKED, frozen=False)
    plan = pipeline.make_plan(built.world, formula, settled.lock)
    names = [str(each.name) for each in plan.image.files]
    assert "ref/init.groovy.d/a.groovy" not in names
    assert "WEB-INF/init.groovy.d/a.groovy" in war_of(built, path)[1]


def test_the_lock_pins_the_libraries_and_knows_every_part(built: FakeWorld, path: Path) -> None:
    image(built.world, path)
    written = lock_of(path).read_bytes()
    locked = lock.from_bytes(written, path)
    assert [(each.artifact, str(each.size)) for each in locked.libraries] == [
        ("own", "3"), ("remoting", "12"),
    ]  # fmt: skip
    assert {str(each.path) for each in locked.inputs} >= {
        "hooks/b.groovy", "say.groovy", "conf/x.yaml", "own-1.jar",
    }  # fmt: skip
    war_of(built, path, frozen=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c: 1.20", "c: 1.2"),
        ("type: init", "type: start"),
        ("version: 4.14", "version: 4.15"),
        ("artifactId: ant}", "artifactId: remoting-kafka}"),
        ("casc: [", "#"),
        ("  - {groupId: org.x, artifactId: own", "#"),
    ],
)
def test_another_part_makes_the_lock_stale(
    built: FakeWorld, path: Path, old: str, new: str
) -> None:
    image(built.world, path)
    path.write_text((TITLED + PARTS).replace(old, new, 1))
    with pytest.raises(LockStale):
        war_of(built, path, frozen=True)


def test_another_byte_of_a_file_makes_the_lock_stale(built: FakeWorld, path: Path) -> None:
    image(built.world, path)
    (path.parent / "hooks/b.groovy").write_text("another")
    with pytest.raises(LockStale) as caught:
        war_of(built, path, frozen=True)
    assert caught.value.changed == ("file hooks/b.groovy",)


def test_a_library_that_has_other_bytes_than_were_locked_is_refused(
    built: FakeWorld, path: Path, tmp_path: Path
) -> None:
    image(built.world, path)
    other = fake_world(tmp_path / "other", {**WORLD, "org.x:remoting:4.14": b"altered"})
    with pytest.raises(DigestMismatch):
        war_of(other, path, frozen=True)
    path.write_text((TITLED + PARTS).replace("c: 1.20", "c: 1.2"))
    with pytest.raises(DigestMismatch):
        war_of(other, path)


@pytest.mark.usefixtures("built")
def test_a_library_that_maven_does_not_have_is_named(path: Path, tmp_path: Path) -> None:
    files = {name: content for name, content in WORLD.items() if "remoting" not in name}
    with pytest.raises(ArtifactsMissing) as caught:
        war_of(fake_world(tmp_path / "other", files), path)
    assert [str(each) for each in caught.value.missing] == ["org.x:remoting:4.14"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("artifactId: ant}", "artifactId: anti}", "17:50 libExcludes[0].artifactId"),
        ("{dir: hooks}", "{dir: hoks}", "11:46 groovyHooks[0].source.dir"),
        ("own-1.jar", "conf", "16:58 libPatches[1].source.file"),
        ("{dir: conf}", "{dir: ../conf}", "13:31 casc[0].source.dir"),
        ("type: init", "type: ../x", "11:6 groovyHooks[0].type"),
        ("artifactId: own", "artifactId: remoting", "16:24 libPatches[1]"),
        ("{file: own-1.jar}", "{file: own-1.jar, version: 1}", "16:45 libPatches[1].source"),
        ("{version: 4.14}", "{}", "15:47 libPatches[0].source"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    built: FakeWorld, path: Path, old: str, new: str, problem: str
) -> None:
    path.write_text((TITLED + PARTS).replace(old, new, 1))
    with pytest.raises(FormulaInvalid) as caught:
        war_of(built, path)
    place, _, key = problem.partition(" ")
    (found,) = caught.value.problems
    assert found.path.startswith(key)
    assert f":{place.partition(':')[0]}:" in str(found.place)


def test_configuration_that_no_plugin_reads_is_refused(built: FakeWorld, path: Path) -> None:
    path.write_text(FORMULA + "casc: [{id: c, source: {dir: conf}}]\n")
    with pytest.raises(FormulaInvalid) as caught:
        war_of(built, path)
    assert "configuration-as-code" in caught.value.problems[0].wanted


def test_two_hooks_of_one_name_are_refused(built: FakeWorld, path: Path) -> None:
    (path.parent / "b.groovy").write_text("4")
    path.write_text((TITLED + PARTS).replace("boot-failure", "init").replace("say", "b"))
    with pytest.raises(FormulaInvalid) as caught:
        war_of(built, path)
    assert "b.groovy" in caught.value.problems[0].found


@pytest.mark.parametrize("layout", ["ref", "war"])
def test_configuration_may_not_take_the_place_of_the_stock_folders(
    built: FakeWorld, path: Path, layout: str
) -> None:
    (path.parent / "casc").mkdir()
    (path.parent / "casc" / "x.yaml").write_text("other: {}")
    path.write_text((TITLED + PARTS).replace("image:", f"image:\n  layout: {layout}"))
    if layout == "war":
        assert "WEB-INF/jenkins.yaml.d/x.yaml" in war_of(built, path)[1]
        return
    with pytest.raises(FormulaInvalid) as caught:
        war_of(built, path)
    assert caught.value.problems[0].found == "conf/x.yaml, which would be casc/x.yaml"


def test_a_folder_that_two_keys_name_is_told(built: FakeWorld, path: Path) -> None:
    path.write_text(
        (TITLED + PARTS).replace("./say.groovy", "hooks").replace("boot-failure", "init")
    )
    with pytest.raises(FormulaInvalid) as caught:
        war_of(built, path)
    assert {each.path for each in caught.value.problems} == {"groovyHooks[1]"}


def test_a_war_beside_the_formula_is_built_on(built: FakeWorld, path: Path) -> None:
    (path.parent / "our.war").write_bytes(CORE)
    for source in ("file: our.war", "file: our.war, version: 3.3.2"):
        path.write_text((TITLED + PARTS).replace("version: 3.3.2", source))
        assert "WEB-INF/lib/own-1.jar" in war_of(built, path)[1]
    locked = lock.from_bytes(lock_of(path).read_bytes(), path)
    assert (locked.core.version, locked.core.size) == ("3.3.2", len(CORE))
    (path.parent / "our.war").write_bytes(controller("3.3.3"))
    with pytest.raises(NotAController):
        war_of(built, path)


def test_without_any_part_the_core_stays_as_it_is(built: FakeWorld, path: Path) -> None:
    path.write_text(FORMULA)
    packed, _ = war_of(built, path)
    assert packed.path.read_bytes() == CORE


def test_an_old_lock_without_libraries_is_written_as_before(built: FakeWorld, path: Path) -> None:
    path.write_text(FORMULA)
    image(built.world, path)
    written = lock_of(path).read_bytes()
    assert b"libraries" not in written
    locked: Lock = replace(lock.from_bytes(written, path))
    assert locked.libraries == ()


def test_a_bundle_carries_the_libraries(
    built: FakeWorld, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    war_of(built, path)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    output = str(tmp_path / "all.tar")
    assert main(["bundle", str(path), "--frozen", "--offline", "--output", output]) == 0
    locked = lock.from_bytes(lock_of(path).read_bytes(), path)
    with tarfile.open(output) as opened:
        names = " ".join(opened.getnames())
    assert [e.artifact for e in locked.libraries if e.digest.hex not in names] == []


def test_a_library_that_nobody_signed_is_refused_where_the_policy_asks(
    built: FakeWorld, path: Path
) -> None:
    path.write_text(TITLED + PARTS + "policy: {trust: signed}\n")
    with pytest.raises(Unvouched) as caught:
        war_of(built, path)
    assert "org.x:remoting:4.14 (first-use)" in caught.value.pins
