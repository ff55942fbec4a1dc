"""The ordered files of an image context."""

from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace

from builder.image.context import context
from builder.image.plan import plan
from builder.model.build import ContextFile, ImageContext
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import Layout
from tests.unit.image.material import WAR, files, formula, lock

_BUCKET = "plugins/bucket/usr/share/jenkins/ref/plugins"
FORMULA = formula(inputs=(("init.groovy.d/a.groovy", b"a"),))


def made(family: Family = Family.HUDSON, layout: Layout = Layout.REF) -> ImageContext:
    locked = lock("git", "jna", family=family)
    image = replace(FORMULA.image, layout=layout)
    planned = plan(replace(FORMULA, image=image), locked)
    return context(planned, locked, b"the lock", files("git", "jna"), WAR)


def file(name: str, of: ImageContext) -> ContextFile:
    return next(each for each in of.files if each.name == PurePosixPath(name))


def test_files_stand_by_name_once_and_after_every_folder_that_holds_them() -> None:
    names = [each.name for each in made().files]
    assert names == sorted(set(names))
    folders = {each.name for each in made().files if each.source is None}
    assert {parent for name in names for parent in name.parents} <= folders | {PurePosixPath()}


@pytest.mark.parametrize(
    ("family", "names"),
    [
        (Family.HUDSON, ["git.hpi", "jna.hpi"]),
        (Family.JENKINS, ["git.jpi", "jna.jpi"]),
    ],
)
def test_plugins_get_the_suffix_that_the_family_upgrades(family: Family, names: list[str]) -> None:
    listed = (str(each.name) for each in made(family).files)
    assert [name for name in listed if name.startswith(f"{_BUCKET}/")] == [
        f"{_BUCKET}/{name}" for name in names
    ]


def test_plugins_inside_the_war_are_not_beside_it_as_well() -> None:
    names = {str(each.name) for each in made(layout=Layout.WAR).files}
    assert not {name for name in names if name.startswith("plugins")}


def test_the_manifest_lists_plugins_inside_the_war_too_which_end_up_in_the_home() -> None:
    inside = file("jbuild/plugins.sha256", made(layout=Layout.WAR))
    assert inside.source == file("jbuild/plugins.sha256", made()).source != b""


def test_times_follow_from_the_content() -> None:
    assert file(f"{_BUCKET}/git.hpi", made()).time_s == Digest.of(b"git").time_s
    assert file("controller/jenkins.war", made()).time_s == WAR.digest.time_s
    assert file("ref/init.groovy.d/a.groovy", made()).time_s == Digest.of(b"a").time_s


def test_the_manifest_tells_every_archive_s_sha256_and_is_newer_than_any_could_be() -> None:
    manifest = file("jbuild/plugins.sha256", made())
    assert manifest.source == (
        f"{Digest.of(b'git').hex}  git.hpi\n{Digest.of(b'jna').hex}  jna.hpi\n".encode()
    )
    latest = 946_684_800 + 2 * (300_000_000 - 1)
    assert max(Digest(f"{n:064x}").time_s for n in (0, 299_999_999, 2**256 - 1)) == latest
    assert manifest.time_s > latest


def test_the_image_keeps_its_lock_byte_for_byte() -> None:
    kept = file("jbuild/lock.json", made())
    assert (kept.source, kept.time_s) == (b"the lock", Digest.of(b"the lock").time_s)


def test_the_home_is_there_though_nothing_lies_in_it() -> None:
    home = file("home/jenkins_home", made())
    assert (home.source, home.mode) == (None, 0o755)


def test_plain_files_are_readable_by_all_and_writable_by_their_owner() -> None:
    modes = {each.mode for each in made().files if each.source and each.name.parts[0] != "bin"}
    assert modes == {0o644}
