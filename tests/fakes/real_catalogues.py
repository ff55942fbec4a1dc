"""The real catalogues beside the checkout, decoded once a run, and wishes drawn from them."""

import lzma
from functools import cache
from random import Random

import pytest

from builder.model.catalogue import Catalogue
from builder.model.formula import Mode, Place, Wish
from builder.model.plugin import PluginId
from builder.sources import history, update_center
from builder.version import Version
from tests.fakes.recheck import Controller
from tests.fakes.shared import DATA

NEEDS_REAL_DATA = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data is not at {DATA}")


def _content(name: str) -> bytes:
    return lzma.decompress((DATA / "catalogues" / f"{name}.json.xz").read_bytes())


@cache
def today() -> Catalogue:
    """Give a mirror's catalogue of August 2026: one release a plugin, core 2.578."""
    return update_center.decode(_content("tsinghua-2026-08-22"), name="today")


@cache
def past() -> Catalogue:
    """Give what was newest on any day since 2020: 18,907 releases, none of them offered."""
    return history.decode(_content("plugin-versions"), name="past")


def wished(plugin: str, version: str | None = None, mode: Mode = Mode.NEWEST) -> Wish:
    return Wish(
        plugin=PluginId(plugin),
        version=None if version is None else Version(version),
        group=None,
        place=Place("formula.yaml", 1, 1),
        mode=mode,
    )


def draw_newest(controller: Controller, usable: list[PluginId], random: Random) -> tuple[Wish, ...]:
    """Draw one to sixty plugins, each at its newest; now and then one that cannot be had."""
    picked = random.sample(usable, random.randint(1, 60))
    if random.random() < 0.1:
        others = sorted(set(controller.catalogue.ids()) - set(usable))
        picked += random.sample(others, min(1, len(others)))
    return tuple(wished(each) for each in picked)


def draw_mixed(controller: Controller, usable: list[PluginId], random: Random) -> tuple[Wish, ...]:
    """Draw as many, with a share of pins and of lower bounds that differs from set to set."""
    share, size = random.choice((0.1, 0.3, 1)), random.choice((2, 5, 20, 60))
    picked = random.sample(usable, random.randint(1, size))
    return tuple(_mixed(controller, random, each, share) for each in picked)


def _mixed(controller: Controller, random: Random, plugin: PluginId, share: float) -> Wish:
    if random.random() > share:
        return wished(plugin)
    listed = list(controller.releases(plugin).values())
    fitting = [each for each in listed if controller.takes(each)]
    other = random.random() < 0.05  # a version that this core does not even take
    version = random.choice(listed if other or not fitting else fitting).version
    return wished(plugin, version, random.choice((Mode.PINNED, Mode.PINNED, Mode.AT_LEAST)))
