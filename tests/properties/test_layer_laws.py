"""Laws of the cut into layers."""

from hypothesis import given
from hypothesis import strategies as st

from builder.image.layers import MOST, cut
from builder.model.lock import Pin
from tests.fakes.cuts import contents, pin, pushed
from tests.strategies import words

_SIZES = st.none() | st.integers(0, 40_000_000) | st.integers(0, 700_000)


@st.composite
def sets(draw: st.DrawFn) -> tuple[Pin, ...]:
    """Draw a plugin set as a lock has it."""
    names = sorted(draw(st.sets(words, max_size=40)))
    return tuple(pin(each, draw(_SIZES)) for each in names)


@st.composite
def bumps(draw: st.DrawFn) -> tuple[tuple[Pin, ...], tuple[Pin, ...]]:
    """Draw a set and the same set with another release of one plugin."""
    before = draw(sets().filter(bool))
    at = draw(st.integers(0, len(before) - 1))
    bumped = pin(before[at].plugin, draw(_SIZES), "2")
    return before, (*before[:at], bumped, *before[at + 1 :])


@given(sets(), st.integers(0, 80))
def test_every_plugin_is_in_one_layer_and_never_are_there_too_many(
    pins: tuple[Pin, ...], others: int
) -> None:
    made = cut(pins, others=others)
    assert sorted(plugin for each in made for plugin in each.plugins) == [e.plugin for e in pins]
    assert len({each.name for each in made}) == len(made) <= max(MOST - 25 - 12 - others, 8)
    assert all(each.plugins for each in made)


@given(sets())
def test_the_order_of_the_plugins_does_not_matter(pins: tuple[Pin, ...]) -> None:
    assert cut(tuple(reversed(pins))) == cut(pins)


@given(bumps())
def test_a_bump_changes_its_own_branch_and_no_other(
    both: tuple[tuple[Pin, ...], tuple[Pin, ...]],
) -> None:
    before, after = both
    (old,), (new,) = set(before) - set(after) or {before[0]}, set(after) - set(before) or {after[0]}
    _, sent = pushed(before, after)
    sharing = max((s for held, s in contents(before).items() if old.digest in held), default=0)
    assert sent <= max(sharing, 2_000_000) + (new.size or 0)


@given(bumps())
def test_a_bump_of_the_same_size_changes_one_layer(
    both: tuple[tuple[Pin, ...], tuple[Pin, ...]],
) -> None:
    before, _ = both
    after = (pin(before[0].plugin, before[0].size, "2"), *before[1:])
    layers, _ = pushed(before, after)
    assert layers == 1
