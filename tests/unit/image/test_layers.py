"""The cut of plugins into layers, on the plugins that people really have."""

import json
import lzma
import re
from collections.abc import Callable
from functools import cache

import pytest

from builder.image.layers import MOST, cut
from builder.image.plan import plan
from builder.model.build import PluginLayer
from builder.model.lock import Pin
from tests.fakes.cuts import pin, pushed
from tests.fakes.real_catalogues import NEEDS_REAL_DATA
from tests.fakes.shared import DATA
from tests.unit.image.material import formula, lock

OTHERS = 25 + 8  # a base of somebody else's, and all COPY that is no plugin
MB = 1_000_000


@cache
def offered() -> tuple[tuple[Pin, int], ...]:
    """Give what an update site offers, with how often each is installed; the first most often."""
    packed = (DATA / "catalogues" / "tsinghua-2026-08-22.json.xz").read_bytes()
    text = lzma.decompress(packed).decode()
    listed = json.loads(text[text.index("{") : text.rindex("}") + 1])["plugins"].values()
    found = ((pin(each["name"], each["size"]), each["popularity"]) for each in listed)
    return tuple(sorted(found, key=lambda each: -each[1]))


def by_popularity() -> tuple[Pin, ...]:
    return tuple(each for each, _ in offered()[:175])


def of_kubesphere() -> tuple[Pin, ...]:
    lines = (DATA / "formulas" / "ks-jenkins-2026.plugins.txt").read_text("utf-8").splitlines()
    ids = {line.partition(":")[0].strip() for line in lines}
    return tuple(each for each, _ in offered() if each.plugin in ids)


def shape(layers: tuple[PluginLayer, ...]) -> list[tuple[str, list[str]]]:
    return [(each.name, [str(plugin) for plugin in each.plugins]) for each in layers]


def test_large_plugins_stand_alone_and_small_ones_share() -> None:
    made = cut((pin("a", 5 * MB), pin("b", 10), pin("c", 20)))
    assert shape(made) == [("plugin-a", ["a"]), ("bucket", ["b", "c"])]


def test_a_bucket_that_is_too_heavy_is_split_by_id() -> None:
    made = cut(tuple(pin(f"plugin-{n}", 700_000) for n in range(6)))
    assert all(re.fullmatch("bucket-[01]+", each.name) for each in made)
    assert max(len(each.plugins) for each in made) <= 2
    assert sorted(p for each in made for p in each.plugins) == [f"plugin-{n}" for n in range(6)]


def test_plugins_of_unknown_size_share() -> None:
    assert cut((pin("a", None), pin("b", None)))[0].plugins == ("a", "b")


def test_no_plugins_take_no_layer() -> None:
    assert cut(()) == ()


def test_what_the_formula_adds_leaves_fewer_layers_to_plugins() -> None:
    pins = tuple(pin(f"plugin-{n}", 5 * MB) for n in range(60))
    assert len(cut(pins)) == 60
    assert len(cut(pins, others=10)) <= 53


def test_the_dockerfile_copies_each_layer_by_itself() -> None:
    made = plan(formula(), lock("git", "jna"))
    assert shape(made.layers) == [("bucket", ["git", "jna"])]
    copied = 'COPY ["plugins/bucket/", "/"]'
    assert made.dockerfile.splitlines().count(copied) == 1


@NEEDS_REAL_DATA
@pytest.mark.slow
@pytest.mark.parametrize("pins", [by_popularity, of_kubesphere])
def test_real_sets_fit_and_every_bump_sends_little(pins: Callable[[], tuple[Pin, ...]]) -> None:
    before = pins()
    assert len(before) > 140
    assert len(cut(before)) + OTHERS <= MOST
    for index, bumped in enumerate(before):
        assert bumped.size is not None
        for grown in (bumped.size, bumped.size * 11 // 10, bumped.size * 9 // 10):
            after = (*before[:index], pin(bumped.plugin, grown, "2"), *before[index + 1 :])
            layers, sent = pushed(before, after)
            assert layers <= 2
            assert sent + 400_000 <= max(2 * grown, 3 * MB), bumped.plugin
