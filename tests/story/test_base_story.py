"""A base that is an image already: locked, kept in the store, and brought back only as it was."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from builder import lock
from builder.errors import DigestMismatch, ImageUnavailable, LockStale
from builder.model.lock import ImagePin
from builder.sources import bases, making
from tests.fakes.story import ASKED, FILES, FORMULA, image, lock_of, read
from tests.fakes.world import fake_world
from tests.support import images

PLATFORMS = {each: {"jenkins.sh": each.encode()} for each in ("linux/amd64", "linux/arm64")}
DEBIAN = "{debian: sid, packages: [tini]}"


@pytest.fixture
def based(path: Path) -> Path:
    """Write a formula on an OCI layout that lies beside it."""
    assert DEBIAN in FORMULA
    path.write_text(FORMULA.replace(DEBIAN, "{oci: base}"))
    images.layout(path.parent / "base", PLATFORMS)
    return path


def pinned(path: Path) -> ImagePin:
    (base,) = lock.from_bytes(lock_of(path).read_bytes(), lock_of(path)).bases
    assert isinstance(base, ImagePin)
    return base


def rewrite(path: Path) -> None:
    """Put other images where the base is."""
    folder = path.parent / "base"
    for each in sorted(folder.rglob("*"), reverse=True):
        each.rmdir() if each.is_dir() else each.unlink()
    folder.rmdir()
    images.layout(folder, {each: {"jenkins.sh": b"newer"} for each in PLATFORMS})


def test_the_image_is_made_on_the_locked_base(based: Path, tmp_path: Path) -> None:
    made = fake_world(tmp_path / "store", FILES)
    image(made.world, based)
    pin = pinned(based)
    assert pin.wished == "oci base"
    stored = made.world.store.find(pin.digest)
    assert stored is not None
    assert stored.size == pin.size
    reference = f"jbuild/base:image-{pin.manifest.hex[:16]}"
    assert made.engine.images[reference] == str(pin.digest)
    assert made.engine.contexts[-1].dockerfile.startswith(f"FROM {reference}\n")


def test_a_base_that_has_changed_meanwhile_stays_the_locked_one(
    based: Path, tmp_path: Path
) -> None:
    world = fake_world(tmp_path / "store", FILES).world
    image(world, based)
    before = pinned(based)
    rewrite(based)
    image(world, based)
    image(world, based, frozen=True)
    assert pinned(based) == before


def test_without_the_archive_a_changed_base_is_refused_and_the_same_one_is_taken(
    based: Path, tmp_path: Path
) -> None:
    image(fake_world(tmp_path / "store", FILES).world, based)
    image(fake_world(tmp_path / "a second store", FILES).world, based, frozen=True)
    rewrite(based)
    for frozen in (True, False):
        with pytest.raises(ImageUnavailable) as caught:
            image(fake_world(tmp_path / f"{frozen}", FILES).world, based, frozen=frozen)
        assert str(pinned(based).manifest) in caught.value.said[0]


def test_an_archive_other_than_the_locked_one_is_never_built_on(
    based: Path, tmp_path: Path
) -> None:
    image(fake_world(tmp_path / "store", FILES).world, based)
    text = lock_of(based).read_text()
    lock_of(based).write_text(text.replace(pinned(based).digest.hex, "0" * 64))
    with pytest.raises(DigestMismatch) as caught:
        image(fake_world(tmp_path / "a second store", FILES).world, based, frozen=True)
    assert caught.value.name == "oci base"


def test_another_wish_makes_the_lock_stale(based: Path, tmp_path: Path) -> None:
    world = fake_world(tmp_path / "store", FILES).world
    image(world, based)
    locked = lock.from_bytes(lock_of(based).read_bytes(), lock_of(based))
    for other in ("{archive: base}", "{oci: other}", DEBIAN, "{registry: 'base:1'}"):
        based.write_text(FORMULA.replace(DEBIAN, other))
        assert lock.changes(read(world, based), locked) == ("image.base",)
    based.write_text(FORMULA)
    image(world, based)
    written = lock.from_bytes(lock_of(based).read_bytes(), lock_of(based))
    assert not isinstance(written.bases[0], ImagePin)
    assert bases.is_there(world.store, written)


def test_a_base_moves_when_it_is_told_to(based: Path, tmp_path: Path) -> None:
    world = fake_world(tmp_path / "store", FILES).world
    image(world, based)
    before = lock.from_bytes(lock_of(based).read_bytes(), lock_of(based))
    rewrite(based)
    formula = read(world, based)
    moved = making.upgrade(world, formula, replace(before, bases=()), (), ASKED).lock
    assert moved.plugins == before.plugins
    assert moved.bases != before.bases


def test_an_image_for_two_platforms_is_made_on_a_base_for_each(path: Path, tmp_path: Path) -> None:
    platforms = ("linux/amd64", "linux/arm64")
    path.write_text(FORMULA.replace("image:", f"image:\n  platforms: [{', '.join(platforms)}]"))
    made = fake_world(tmp_path / "store", FILES)
    receipt = image(made.world, path)
    assert receipt.platforms == platforms
    locked = lock.from_bytes(lock_of(path).read_bytes(), lock_of(path))
    assert tuple(each.platform for each in locked.bases) == platforms
    context = made.engine.contexts[-1]
    assert context.platforms == platforms
    reference = context.dockerfile.split()[1]
    assert made.engine.bases == [(reference, each) for each in platforms]
    image(made.world, path, frozen=True)
    path.write_text(FORMULA)
    with pytest.raises(LockStale) as caught:
        image(made.world, path, frozen=True)
    assert caught.value.changed == ("image.platforms",)
