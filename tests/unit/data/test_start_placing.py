"""What the start script puts into the home, and what it leaves alone."""

import os

import pytest

from builder.model.digest import Digest
from tests.fakes.start_script import (
    LISTED_S,
    NEW_S,
    OLD_S,
    Image,
    program,
    put,
)


def test_an_archive_the_home_lacks_is_placed_and_its_sha256_remembered(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.lists("git.jpi")
    assert image.start().actions == ("placed plugins/git.jpi",)
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git 1"
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_keeps_its_time_so_that_a_controller_sees_whether_it_is_new(
    image: Image,
) -> None:
    image.brings("plugins/git.jpi", b"git 1", OLD_S)
    image.start()
    assert (image.home / "plugins/git.jpi").stat().st_mtime == OLD_S
    image.brings("plugins/git.jpi", b"git 2", NEW_S)
    image.start()
    assert (image.home / "plugins/git.jpi").stat().st_mtime == NEW_S


@pytest.mark.parametrize("listed", [True, False])
def test_an_archive_as_it_was_placed_is_replaced_by_another_of_the_image(
    image: Image, *, listed: bool
) -> None:
    for content in (b"git 2", b"git 1"):  # downwards as well: the image decides
        image.brings("plugins/git.jpi", content)
        if listed:
            image.lists("git.jpi")
        seen = image.start()
        assert (image.home / "plugins/git.jpi").read_bytes() == content
    assert seen.actions == ("replaced plugins/git.jpi",)
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_the_user_changed_is_left_alone(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.start()
    put(image.home / "plugins/git.jpi", b"git of the user")
    image.brings("plugins/git.jpi", b"git 2")
    said = "left plugins/git.jpi alone: it is not the one an image placed"
    assert image.start().actions == (said,)
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git of the user"
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_that_no_image_placed_is_left_alone(image: Image) -> None:
    put(image.home / "plugins/git.jpi", b"git of the user")
    image.brings("plugins/git.jpi", b"git 2")
    image.start()
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git of the user"


def test_an_archive_equal_to_the_image_s_becomes_the_image_s(image: Image) -> None:
    """A start broken between placing and remembering heals."""
    put(image.home / "plugins/git.jpi", b"git 1")
    image.brings("plugins/git.jpi", b"git 1")
    assert image.start().actions == ()
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_the_user_deleted_comes_back(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.start()
    (image.home / "plugins/git.jpi").unlink()
    assert image.start().actions == ("placed plugins/git.jpi",)
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git 1"


def test_hudson_s_archives_follow_the_same_rules(image: Image) -> None:
    image.brings("plugins/git.hpi", b"git 1")
    image.start()
    image.brings("plugins/git.hpi", b"git 2")
    assert image.start().actions == ("replaced plugins/git.hpi",)


def test_an_override_is_always_placed_and_then_belongs_to_the_image(image: Image) -> None:
    put(image.home / "plugins/git.jpi", b"git of the user")
    put(image.home / "config.xml", b"of the user")
    image.brings("plugins/git.jpi.override", b"git 1")
    image.brings("config.xml.override", b"of the image")
    assert image.start().actions == (
        "placed config.xml by override",
        "placed plugins/git.jpi by override",
    )
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git 1"
    assert (image.home / "config.xml").read_bytes() == b"of the image"
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex
    assert image.start().actions == ()


def test_other_files_are_placed_only_where_the_home_has_none(image: Image) -> None:
    image.brings("init.groovy.d/a b.groovy", b"of the image")
    assert image.start().actions == ("placed init.groovy.d/a b.groovy",)
    put(image.home / "init.groovy.d/a b.groovy", b"of the user")
    assert image.start().actions == ()
    assert (image.home / "init.groovy.d/a b.groovy").read_bytes() == b"of the user"


def test_names_with_blanks_are_placed_from_the_manifest_too(image: Image) -> None:
    image.brings("plugins/a  b.jpi", b"a b")
    image.lists("a  b.jpi")
    assert image.start().actions == ("placed plugins/a  b.jpi",)
    assert image.marker("a  b.jpi") == Digest.of(b"a b").hex


def test_an_archive_that_a_later_layer_put_there_is_not_taken_for_the_listed_one(
    image: Image,
) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.lists("git.jpi")
    image.start()
    image.brings("plugins/git.jpi", b"git of a derived image", LISTED_S + 2)
    assert image.start().actions == ("replaced plugins/git.jpi",)
    assert image.marker("git.jpi") == Digest.of(b"git of a derived image").hex


def test_a_second_start_of_an_unchanged_image_reads_no_archive(image: Image) -> None:
    names = tuple(f"plugin-{number}.jpi" for number in range(175))
    for name in names:
        image.brings(f"plugins/{name}", name.encode())
    image.lists(*names)
    assert len(image.start().actions) == 175
    for tool in ("sha256sum", "cp", "cmp"):
        program(image.root / "bin" / tool, f"#!/bin/sh\necho jbuild-start: ran {tool}\nexit 1\n")
    seen = image.start()
    assert (seen.code, seen.actions, seen.errors) == (0, (), ())


def test_a_home_that_cannot_be_written_to_ends_the_start_with_one_line(image: Image) -> None:
    put(image.home, b"a file where a folder should be")
    seen = image.start()
    assert (seen.code, seen.lines) == (1, ())
    assert seen.errors == (
        f"jbuild-start: cannot write to {image.home} as user {os.getuid()}:{os.getgid()}",
    )


def test_a_copy_that_breaks_off_leaves_nothing_and_ends_the_start(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    copier = '#!/bin/sh\nfor last; do :; done\nprintf half >"$last"\necho disk full\nexit 1\n'
    program(image.root / "bin/cp", copier)
    seen = image.start()
    assert (seen.code, seen.lines) == (1, ())
    assert seen.errors == ("jbuild-start: cannot place plugins/git.jpi: disk full",)
    assert list((image.home / "plugins").iterdir()) == []
