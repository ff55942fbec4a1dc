"""What an image holds: its lock, or what its archives say of themselves."""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from builder.errors import ImageMissing, LockBroken, LockTooNew, NothingInside
from builder.lock import to_bytes
from builder.model.build import ContextFile, ImageContext
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.inventory import Contents, HeldCore, HeldPlugin, Inventory
from builder.model.plugin import PluginId
from builder.model.stored import StoredFile
from builder.sources import image_contents
from builder.version import Version
from tests.fakes.plugins import archive, controller, manifest, plugin
from tests.fakes.samples import LOCK
from tests.fakes.world import fake_world

Read = Callable[[Mapping[str, bytes]], Contents]
WAR, REF = "usr/share/jenkins/jenkins.war", "usr/share/jenkins/ref/plugins"
KEPT = "usr/share/jenkins/jbuild/lock.json"
NAME = "team/jenkins:1"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read an image that holds these files."""

    def reader(files: Mapping[str, bytes]) -> Contents:
        made = fake_world(tmp_path / "store", {})
        base = StoredFile(digest=Digest.of(b""), size=0, crc32=0, path=tmp_path)
        made.engine.import_base(base, "base:1")
        listed = (
            ContextFile(name=PurePosixPath("x", name), source=content, mode=0o644, time_s=0)
            for name, content in sorted(files.items())
        )
        context = ImageContext(dockerfile="FROM base:1\nCOPY x/ /\n", files=tuple(listed))
        made.engine.build(context, (NAME,))
        return image_contents.read(made.world, made.engine, NAME)

    return reader


def _held(name: str, version: str, content: bytes) -> HeldPlugin:
    return HeldPlugin(plugin=PluginId(name), version=Version(version), digest=Digest.of(content))


def test_the_lock_of_an_image_counts_whatever_else_is_there(read: Read) -> None:
    other = plugin("mailer", "9")
    assert read({KEPT: to_bytes(LOCK), f"{REF}/mailer.hpi": other, WAR: controller()}) == LOCK


def test_an_image_without_a_lock_is_read_from_its_archives(read: Read) -> None:
    git, mailer, war = plugin("git", "2"), plugin("mailer", "1.20"), controller("3.3.2")
    found = read(
        {
            WAR: war,
            f"{REF}/mailer.hpi": mailer,
            f"{REF}/git.hpi": plugin("git", "1"),
            f"{REF}/zzz.jpi": git,  # taken first, whatever it is called
            f"{REF}/gone.jpi.bak": plugin("gone", "1"),
            f"{REF}/old/ant.hpi": plugin("ant", "1"),
            f"{REF}/page.hpi": b"<html/>",
        }
    )
    assert isinstance(found, Inventory)
    assert found.core == HeldCore(
        family=Family.HUDSON, version=Version("3.3.2"), digest=Digest.of(war)
    )
    assert found.plugins == (_held("git", "2", git), _held("mailer", "1.20", mailer))
    (unread,) = found.unread
    assert unread.startswith("page.hpi: ")


def test_plugins_inside_the_war_go_before_those_beside_it_and_make_it_another(read: Read) -> None:
    inside, beside = plugin("git", "1"), plugin("git", "2")
    facts = {"Jenkins-Version": "2.346.3"}
    entries = {"META-INF/MANIFEST.MF": manifest(facts), "WEB-INF/plugins/git.hpi": inside}
    found = read({WAR: archive(entries), f"{REF}/git.jpi": beside})
    assert found == Inventory(
        core=HeldCore(family=Family.JENKINS, version=Version("2.346.3"), digest=None),
        plugins=(_held("git", "1", inside),),
    )


@pytest.mark.parametrize("files", [{"etc/a": b""}, {WAR: b"<html/>"}, {f"{WAR}/x": b""}])
def test_an_image_of_something_else_says_where_a_controller_would_be(
    read: Read, files: Mapping[str, bytes]
) -> None:
    with pytest.raises(NothingInside) as caught:
        read(files)
    assert (str(caught.value.path), caught.value.reference) == (f"{NAME}:/{WAR}", NAME)
    assert caught.value.fault


def test_a_lock_that_cannot_be_read_is_never_passed_over(read: Read) -> None:
    newer = to_bytes(LOCK).replace(b'"schema": 1', b'"schema": 99')
    with pytest.raises(LockTooNew) as caught:
        read({KEPT: newer, WAR: controller()})
    assert str(caught.value.path) == f"{NAME}:/{KEPT}"
    with pytest.raises(LockBroken):
        read({KEPT: b"{}", WAR: controller()})


def test_an_image_that_is_not_there_is_missed_here_too(tmp_path: Path) -> None:
    made = fake_world(tmp_path, {})
    with pytest.raises(ImageMissing):
        image_contents.read(made.world, made.engine, NAME)
