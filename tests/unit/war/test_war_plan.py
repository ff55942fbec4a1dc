"""Which file becomes which entry of the WAR."""

from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.errors import ArchiveBroken
from builder.model.build import Files, WarEntry, WarPlan
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import Layout
from builder.model.lock import CorePin, Lock, Pin, PinKind
from builder.model.plugin import PluginId, Trust
from builder.model.stored import StoredFile
from builder.version import Version
from builder.war import make

CORE_NAMES = (
    "META-INF/",
    "META-INF/MANIFEST.MF",
    "META-INF/JENKINS.SF",
    "META-INF/jenkins.rsa",
    "META-INF/services/x.SF",
    "WEB-INF/plugins/",
    "WEB-INF/plugins/git.hpi",
    "winstone.jar",
)


def a_file(name: str) -> StoredFile:
    return StoredFile(digest=Digest.of(name.encode()), size=1, crc32=2, path=Path("/store", name))


def a_pin(plugin: str) -> Pin:
    return Pin(
        plugin=PluginId(plugin),
        version=Version("1"),
        kind=PinKind.WISH,
        origin=PurePosixPath(plugin),
        digest=a_file(plugin).digest,
        size=1,
        trust=Trust.SIGNED,
        required_core=None,
        dependencies=(),
        why=(),
    )


def a_lock(*plugins: str) -> Lock:
    core = CorePin(
        family=Family.JENKINS,
        version=Version("2.346.3"),
        origin=PurePosixPath("war"),
        digest=a_file("core").digest,
        size=1,
        trust=Trust.SIGNED,
    )
    return Lock(
        fingerprint=Digest.of(b""),
        core=core,
        plugins=tuple(a_pin(each) for each in plugins),
        bases=(),
        inputs=(),
    )


def planned(layout: Layout, *plugins: str, core_names: tuple[str, ...] = CORE_NAMES) -> WarPlan:
    files = Files(core=a_file("core"), plugins=tuple(map(a_file, plugins)), bases=(a_file("base"),))
    return make(layout=layout, locked=a_lock(*plugins), files=files, core_names=core_names)


def test_plugins_beside_the_war_leave_the_core_as_it_is() -> None:
    assert planned(Layout.REF, "git") == WarPlan(core=a_file("core"), added=(), dropped=())


def test_plugins_inside_the_war_lie_where_the_packager_puts_them() -> None:
    assert planned(Layout.WAR, "git", "mailer").added == (
        WarEntry(name="WEB-INF/plugins/git.hpi", source=a_file("git")),
        WarEntry(name="WEB-INF/plugins/mailer.hpi", source=a_file("mailer")),
    )


def test_entries_are_ordered_by_name_and_not_by_plugin() -> None:
    names = [each.name for each in planned(Layout.WAR, "ant", "ant-x").added]
    assert names == ["WEB-INF/plugins/ant-x.hpi", "WEB-INF/plugins/ant.hpi"]


def test_a_changed_war_loses_its_signatures_and_the_entries_that_are_replaced() -> None:
    assert planned(Layout.WAR, "git").dropped == (
        "META-INF/JENKINS.SF",
        "META-INF/jenkins.rsa",
        "WEB-INF/plugins/git.hpi",
    )


def test_a_war_without_plugins_keeps_its_signatures() -> None:
    assert planned(Layout.WAR).dropped == ()


@pytest.mark.parametrize("layout", Layout)
def test_a_core_with_an_entry_that_leads_out_is_refused(layout: Layout) -> None:
    with pytest.raises(ArchiveBroken) as refusal:
        planned(layout, "git", core_names=("a", "b/../../c"))
    assert refusal.value.path == Path("/store/core")
    assert refusal.value.fault == "the path 'b/../../c' leads out of the archive"


def test_a_core_with_two_entries_of_one_name_is_refused() -> None:
    with pytest.raises(ArchiveBroken, match="two entries are called 'a'"):
        planned(Layout.REF, core_names=("a", "b", "a"))


def test_a_plugin_that_differs_from_one_in_the_core_by_case_alone_is_refused() -> None:
    with pytest.raises(ArchiveBroken, match="but for case"):
        planned(Layout.WAR, "GIT")


def test_a_plugin_id_that_is_no_file_name_is_refused() -> None:
    with pytest.raises(ArchiveBroken, match="leads out of the archive"):
        planned(Layout.WAR, "../../git")


def test_files_that_do_not_belong_to_the_lock_are_our_own_mistake() -> None:
    files = Files(core=a_file("core"), plugins=(), bases=(a_file("base"),))
    with pytest.raises(ValueError, match="shorter"):
        make(layout=Layout.WAR, locked=a_lock("git"), files=files, core_names=())


def test_a_plan_depends_on_nothing_but_the_files_it_names() -> None:
    one, other = a_lock("git"), replace(a_lock("git"), fingerprint=Digest.of(b"other"))
    files = Files(core=a_file("core"), plugins=(a_file("git"),), bases=(a_file("base"),))
    first = make(layout=Layout.WAR, locked=one, files=files, core_names=CORE_NAMES)
    assert first == make(layout=Layout.WAR, locked=other, files=files, core_names=CORE_NAMES)
