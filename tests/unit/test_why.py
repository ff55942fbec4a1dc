"""Why a plugin is in the set."""

from msgspec.structs import replace

from builder.model.lock import Lock, Pin, PinKind
from builder.model.manifest import dependencies
from builder.model.plugin import PluginId
from builder.why import bounds, chains
from tests.fakes.samples import LOCK, sample_pin


def _locked(**needs: str) -> Lock:
    """Make a lock; plugins whose names begin with ``w`` are wishes."""
    pins = tuple(_pin(name, needs[name]) for name in sorted(needs))
    return replace(LOCK, plugins=pins)


def _pin(name: str, needs: str) -> Pin:
    kind = PinKind.WISH if name.startswith("w") else PinKind.REQUIRED
    return replace(sample_pin(name, "1", kind), dependencies=dependencies(needs))


def _spelled(locked: Lock, name: str) -> list[str]:
    return [" ".join(each.plugin for each in chain) for chain in chains(locked, PluginId(name))]


def test_a_wish_is_its_own_reason() -> None:
    assert _spelled(_locked(w=""), "w") == ["w"]


def test_every_wish_that_leads_there_has_its_shortest_chains() -> None:
    locked = _locked(w1="a:1,b:1", w2="c:1", a="c:1", b="c:1", c="")
    assert _spelled(locked, "c") == ["w2 c", "w1 a c", "w1 b c"]


def test_optional_demands_are_bounds_and_no_reason() -> None:
    locked = _locked(w1="a:1;resolution:=optional", w2="a:1", a="")
    assert _spelled(locked, "a") == ["w2 a"]
    assert [pin.plugin for pin, _ in bounds(locked, PluginId("a"))] == ["w1"]


def test_a_plugin_that_is_not_locked_has_no_reason() -> None:
    assert chains(LOCK, PluginId("nothere")) == ()


def test_very_many_chains_are_cut_short() -> None:
    steps = {f"{side}{n:02}": f"l{n + 1:02}:1,r{n + 1:02}:1" for n in range(20) for side in "lr"}
    needs = {**steps, "l20": "z:1", "r20": "z:1", "z": "", "w": "l00:1,r00:1"}
    found = _spelled(_locked(**needs), "z")
    assert len(found) == 100
    assert all(chain.startswith("w ") and chain.endswith(" z") for chain in found)


def test_a_cycle_ends_the_search() -> None:
    assert _spelled(_locked(w="a:1", a="b:1", b="a:1", c=""), "c") == []
