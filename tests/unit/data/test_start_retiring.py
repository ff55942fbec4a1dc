"""Which plugins the start script takes out of a home, and which it leaves alone."""

from pathlib import Path

import pytest

from builder.model.digest import Digest
from tests.fakes.start_script import TELL, Image, program, put

LEFT = "left plugins/old.jpi alone: it is not the one an image placed"


def retires(image: Image, *names: str) -> None:
    """Make the image one that no longer brings these."""
    for each in (image.root / "ref/plugins").glob("*"):
        each.unlink()
    put(image.root / "own/plugins.sha256", b"")
    put(image.root / "own/retired", "".join(f"{each}\n" for each in names).encode())


def once_brought(image: Image, name: str, content: bytes = b"old 1") -> Path:
    """Give a home in which an image placed a plugin."""
    image.brings(f"plugins/{name}", content)
    image.lists(name)
    image.start()
    return image.home / "plugins" / name


@pytest.mark.parametrize("suffix", ["jpi", "hpi"])
def test_a_retired_plugin_leaves_with_all_that_was_made_of_it(image: Image, suffix: str) -> None:
    archive = once_brought(image, f"old.{suffix}")
    for companion in (".disabled", ".pinned", ".version_from_image"):
        put(archive.with_name(archive.name + companion), b"")
    put(image.home / "plugins/old/META-INF/MANIFEST.MF", b"")
    put(image.home / "plugins/older.jpi", b"another")
    put(image.home / "old.xml", b"settings of the plugin")
    retires(image, "old")
    assert image.start().actions == (f"retired plugins/old.{suffix}",)
    assert [each.name for each in (image.home / "plugins").iterdir()] == ["older.jpi"]
    assert (image.home / "old.xml").exists()
    assert not list((image.home / ".jbuild/plugins").iterdir())
    assert image.start().actions == ()


def test_a_retired_plugin_that_the_user_changed_stays_with_its_folder(image: Image) -> None:
    archive = once_brought(image, "old.jpi")
    put(archive, b"old of the user")
    put(image.home / "plugins/old/META-INF/MANIFEST.MF", b"")
    retires(image, "old")
    for _ in range(2):
        assert image.start().actions == (LEFT,)
    assert archive.read_bytes() == b"old of the user"
    assert (image.home / "plugins/old/META-INF/MANIFEST.MF").exists()


def test_a_retired_plugin_that_no_image_brought_stays(image: Image) -> None:
    put(image.home / "plugins/old.jpi", b"old of the user")
    retires(image, "old")
    assert image.start().actions == (LEFT,)


def test_a_user_s_archive_beside_ours_stays(image: Image) -> None:
    once_brought(image, "old.jpi")
    put(image.home / "plugins/old.hpi", b"old of the user")
    retires(image, "old")
    assert image.start().actions == (
        "retired plugins/old.jpi",
        LEFT.replace("jpi", "hpi"),
    )


def test_a_plugin_that_is_not_there_is_retired_in_silence(image: Image) -> None:
    once_brought(image, "old.jpi").unlink()
    retires(image, "old", "never-seen")
    assert image.start().actions == ()


def test_a_plugin_that_returns_is_placed_again(image: Image) -> None:
    once_brought(image, "old.jpi")
    retires(image, "old")
    image.start()
    (image.root / "own/retired").unlink()
    assert once_brought(image, "old.jpi", b"old 2").read_bytes() == b"old 2"


def test_what_a_link_leads_to_stays(image: Image) -> None:
    once_brought(image, "old.jpi")
    put(image.root / "elsewhere/kept", b"")
    (image.home / "plugins/old").symlink_to(image.root / "elsewhere")
    retires(image, "old")
    image.start()
    assert (image.root / "elsewhere/kept").exists()
    assert not (image.home / "plugins/old").is_symlink()


def test_a_base_s_own_script_finds_the_home_without_it(image: Image) -> None:
    """That script places plugins itself, so what images brought is remembered by its bytes."""
    program(image.root / "jenkins.sh", TELL.format(name="official"))
    image.brings("plugins/old.jpi", b"old 1")
    image.lists("old.jpi")
    assert image.start().lines == ("official",)
    put(image.home / "plugins/old.jpi", b"old 1")
    image.brings("plugins/old.jpi", b"old 2")
    image.lists("old.jpi")
    image.start()  # the script of the base left old 1 there, as it does with what is pinned
    retires(image, "old")
    assert image.start().lines == ("jbuild-start: retired plugins/old.jpi", "official")
    assert not (image.home / "plugins/old.jpi").exists()
    put(image.home / "plugins/old.jpi", b"old of the user")
    assert image.start().actions == (LEFT,)


def test_what_images_brought_is_remembered_once(image: Image) -> None:
    for content in (b"old 1", b"old 2", b"old 2"):
        once_brought(image, "old.jpi", content)
    digests = sorted(Digest.of(each).hex for each in (b"old 1", b"old 2"))
    remembered = (image.home / ".jbuild/offered").read_text()
    assert remembered == "".join(f"{each}  old.jpi\n" for each in digests)
