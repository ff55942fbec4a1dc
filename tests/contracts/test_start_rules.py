"""What a start does to a home, by our copying rule and by that of the official image.

The first half holds for both. The second half is the list of differences in docs/bases.md.
"""

import sys
from pathlib import Path

import pytest

from tests.fakes import official_start
from tests.fakes.plugins import plugin
from tests.fakes.start_script import Image, Started, prepared, program, put

OURS, OFFICIAL = "ours", "official"


class Controller:
    """An image, its home, and a start by one of the rules."""

    def __init__(self, folder: Path, rule: str) -> None:
        self.image: Image = prepared(folder)
        self.rule = rule
        if rule == OFFICIAL:
            command = f"exec {sys.executable} {official_start.__file__}"
            program(folder / "jenkins.sh", f'#!/bin/sh\n{command} "$@"\n')

    def brings(self, version: str, name: str = "git.jpi", more: str = "") -> bytes:
        """Put a plugin into the image, and nothing else of that name."""
        content = plugin("git", version, *filter(None, [more]))
        self.image.brings(f"plugins/{name}", content)
        return content

    def start(self, *arguments: str, **variables: str) -> Started:
        ref = str(self.image.root / "ref")
        done = self.image.start(*arguments, REF=ref, **variables)
        assert done.code == 0, done.errors
        return done

    def home(self, name: str) -> bytes:
        return (self.image.home / name).read_bytes()

    def user_puts(self, name: str, content: bytes) -> bytes:
        put(self.image.home / name, content)
        return content


@pytest.fixture(params=[OURS, OFFICIAL])
def it(request: pytest.FixtureRequest, tmp_path: Path) -> Controller:
    return Controller(tmp_path, str(request.param))


def test_a_plugin_that_the_home_lacks_is_placed(it: Controller) -> None:
    content = it.brings("1.0")
    it.start()
    assert it.home("plugins/git.jpi") == content


def test_a_plugin_that_the_user_deleted_comes_back(it: Controller) -> None:
    content = it.brings("1.0")
    it.start()
    (it.image.home / "plugins/git.jpi").unlink()
    it.start()
    assert it.home("plugins/git.jpi") == content


def test_a_newer_image_upgrades_what_an_image_placed(it: Controller) -> None:
    it.brings("1.9")
    it.start()
    newer = it.brings("1.10")
    it.start()
    assert it.home("plugins/git.jpi") == newer


def test_a_plugin_that_the_user_upgraded_is_left_alone(it: Controller) -> None:
    it.brings("1.0")
    it.start()
    own = it.user_puts("plugins/git.jpi", plugin("git", "3.0"))
    it.brings("2.0")
    it.start()
    assert it.home("plugins/git.jpi") == own


def test_a_plugin_that_no_image_placed_is_left_alone(it: Controller) -> None:
    own = it.user_puts("plugins/git.jpi", plugin("git", "1.0"))
    it.brings("2.0")
    it.start()
    assert it.home("plugins/git.jpi") == own


def test_a_plugin_that_the_image_no_longer_has_stays(it: Controller) -> None:
    content = it.brings("1.0")
    it.start()
    (it.image.root / "ref/plugins/git.jpi").unlink()
    it.start()
    assert it.home("plugins/git.jpi") == content


def test_other_files_are_placed_once(it: Controller) -> None:
    it.image.brings("init.groovy.d/a.groovy", b"1")
    it.start()
    assert it.home("init.groovy.d/a.groovy") == b"1"
    it.image.brings("init.groovy.d/a.groovy", b"2")
    it.start()
    assert it.home("init.groovy.d/a.groovy") == b"1"


def test_an_override_is_always_placed_without_that_ending(it: Controller) -> None:
    it.user_puts("config.xml", b"own")
    it.user_puts("plugins/git.jpi", plugin("git", "9.0"))
    it.image.brings("config.xml.override", b"image's")
    content = it.brings("1.0", "git.jpi.override")
    it.start()
    assert (it.home("config.xml"), it.home("plugins/git.jpi")) == (b"image's", content)


def test_options_go_to_the_controller_and_anything_else_is_run_instead(it: Controller) -> None:
    put(it.image.root / "own/java.options", b"-Xmx1g\n")
    done = it.start("--httpPort=1")
    words = done.lines[done.lines.index("java") :]
    assert words[1] == f"-Duser.home={it.image.home}"
    assert words[2:] == ("-Xmx1g", "-jar", "/the.war", "--httpPort=1")
    assert it.start("echo", "hello").lines[-1] == "hello"


def after(it: Controller, first: bytes, second: bytes, name: str = "git.jpi") -> str:
    """Start with one archive in the image, then with another; tell whose the home has."""
    it.image.brings(f"plugins/{name}", first)
    it.start()
    it.image.brings(f"plugins/{name}", second)
    it.start()
    return "image" if it.home(f"plugins/{name}") == second else "home"


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        (plugin("git", "2.0"), plugin("git", "1.0"), "git.jpi"),  # older
        (plugin("git", "1.0"), plugin("git", "1.0", "a:1"), "git.jpi"),  # the same, built anew
        (plugin("git", "1.0"), plugin("git", "1.0-rc1", "a:1"), "git.hpi"),  # .hpi
    ],
)
def test_difference_an_image_s_set_of_plugins_is_whole_with_ours_alone(
    it: Controller, first: bytes, second: bytes, name: str
) -> None:
    assert after(it, first, second, name) == {OURS: "image", OFFICIAL: "home"}[it.rule]


def test_difference_a_plugin_that_the_user_took_back_is_the_user_s_with_ours_alone(
    it: Controller,
) -> None:
    it.brings("2.0")
    it.start()
    own = it.user_puts("plugins/git.jpi", plugin("git", "1.0"))
    newer = it.brings("3.0")
    it.start()
    assert it.home("plugins/git.jpi") == {OURS: own, OFFICIAL: newer}[it.rule]


def test_difference_an_own_plugin_equal_to_the_image_s_is_the_image_s_from_then_on_with_ours(
    it: Controller,
) -> None:
    own = it.user_puts("plugins/git.jpi", plugin("git", "1.0"))
    it.brings("1.0")
    it.start()
    newer = it.brings("2.0")
    it.start()
    assert it.home("plugins/git.jpi") == {OURS: newer, OFFICIAL: own}[it.rule]


def test_difference_where_the_markers_are(it: Controller) -> None:
    it.brings("1.0")
    it.start()
    found = {str(each.relative_to(it.image.home)) for each in it.image.home.rglob("*git.jpi*")}
    theirs = {"plugins/git.jpi.version_from_image", "plugins/git.jpi.pinned"}
    ours = {".jbuild/plugins/git.jpi.sha256"}
    assert found - {"plugins/git.jpi"} == {OURS: ours, OFFICIAL: theirs}[it.rule]


@pytest.mark.parametrize(
    "variable", ["TRY_UPGRADE_IF_NO_MARKER", "PLUGINS_FORCE_UPGRADE", "PRE_CLEAR_INIT_GROOVY_D"]
)
def test_difference_the_official_image_s_switches_are_its_own(
    it: Controller, variable: str
) -> None:
    it.image.brings("init.groovy.d/a.groovy", b"1")
    if variable == "PLUGINS_FORCE_UPGRADE":
        it.brings("1.0")
    it.start()
    it.user_puts("plugins/git.jpi", plugin("git", "2.0"))
    it.brings("3.0")
    it.image.brings("init.groovy.d/a.groovy", b"2")
    before = it.home("plugins/git.jpi"), it.home("init.groovy.d/a.groovy")
    it.start(**{variable: "true"})
    changed = (it.home("plugins/git.jpi"), it.home("init.groovy.d/a.groovy")) != before
    assert changed == (it.rule == OFFICIAL)
