"""From an image of the engine to tags in registries, in a world of fakes."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from builder import pipeline
from builder.errors import RegistryRefused, TagTaken
from builder.model.digest import Digest
from builder.model.publish import Built, Place, Tagged, Target
from tests.fakes.registry import FakeRegistry
from tests.fakes.story import image
from tests.fakes.world import FakeWorld

TARGETS = (Target(reference="one.example/a:1.0"), Target(reference="two.example/a:1.0"))


def test_a_built_image_is_published_everywhere_with_its_digest(made: FakeWorld, path: Path) -> None:
    built = Built(place=Place.ENGINE, name=image(made.world, path).image_id)
    done = pipeline.send(made.world, built, TARGETS, move_tags=False)
    assert [each.reference for each in done] == [each.reference for each in TARGETS]
    assert len({each.manifest for each in done}) == 1
    assert made.world.stages.times()[-1].name == "publish"


def test_one_version_that_is_taken_keeps_all_registries_as_they_are(
    made: FakeWorld, path: Path
) -> None:
    built = Built(place=Place.ENGINE, name=image(made.world, path).image_id)
    registry = FakeRegistry(made.engine)
    other = Tagged(manifest=Digest.of(b"other"), configs=())
    registry.tags["two.example/a:1.0"] = other
    world = replace(made.world, registry=registry)
    with pytest.raises(TagTaken) as caught:
        pipeline.send(world, built, TARGETS, move_tags=False)
    assert caught.value.taken == (f"two.example/a:1.0 is {other.manifest}",)
    assert registry.tags == {"two.example/a:1.0": other}


def test_one_registry_that_is_closed_is_found_out_before_anything_is_pushed(
    made: FakeWorld, path: Path
) -> None:
    built = Built(place=Place.ENGINE, name=image(made.world, path).image_id)
    registry = FakeRegistry(made.engine, closed=("two.example",))
    with pytest.raises(RegistryRefused):
        pipeline.send(replace(made.world, registry=registry), built, TARGETS, move_tags=False)
    assert registry.tags == {}
