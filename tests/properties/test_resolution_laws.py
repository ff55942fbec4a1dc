"""Laws of the resolution over random small universes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import ResolutionError
from builder.model.lock import PinKind, Resolution
from builder.model.plugin import DependencyKind, Release
from builder.resolve import Question, Unread, judge, settle
from tests.fakes.universe import question, release, spelled

_IDS = ("a", "b", "c", "d", "e")
_VERSIONS = ("1", "1.9", "1.10", "2")


@st.composite
def _universes(draw: st.DrawFn) -> tuple[str, tuple[Release, ...]]:
    """Draw all versions of some ids, with edges to later ids only, and some wishes."""
    releases = []
    for index, name in enumerate(_IDS):
        for version in _VERSIONS:
            targets = draw(st.lists(st.sampled_from(_IDS[index + 1 :] or ("",)), max_size=3))
            edges = [
                f"{target}:{draw(st.sampled_from(_VERSIONS))}"
                + draw(st.sampled_from(("", ";resolution:=optional")))
                for target in dict.fromkeys(targets)
                if target
            ]
            releases.append(release(f"{name}:{version}", ",".join(edges)))
    wished = draw(st.lists(st.sampled_from(_IDS), min_size=1, unique=True))
    wishes = " ".join(f"{each}:{draw(st.sampled_from(_VERSIONS))}" for each in wished)
    return wishes, tuple(releases)


def _answer(asked: Question) -> Resolution | None:
    try:
        answer = settle(asked)
    except ResolutionError:
        return None
    assert not isinstance(answer, Unread)
    return answer


@given(_universes())
def test_every_answer_is_accepted_by_the_judge(universe: tuple[str, tuple[Release, ...]]) -> None:
    answer = _answer(question(*universe))
    if answer:
        judge(answer)


@given(_universes(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_cannot_show(
    universe: tuple[str, tuple[Release, ...]], random: object
) -> None:
    wishes, releases = universe
    shuffled = list(releases)
    getattr(random, "shuffle")(shuffled)  # noqa: B009  # hypothesis types it loosely
    turned = " ".join(reversed(wishes.split()))
    assert _answer(question(wishes, releases)) == _answer(question(turned, tuple(shuffled)))


@given(_universes())
@settings(max_examples=50)
def test_resolving_a_resolution_again_changes_nothing(
    universe: tuple[str, tuple[Release, ...]],
) -> None:
    answer = _answer(question(*universe))
    if answer:
        again = _answer(question(spelled(answer), universe[1]))
        assert again is not None
        assert spelled(again) == spelled(answer)


@given(_universes())
def test_every_plugin_is_reached_from_a_wish(universe: tuple[str, tuple[Release, ...]]) -> None:
    answer = _answer(question(*universe))
    if answer:
        found = {each.release.plugin: each for each in answer.choices}
        reached = {name for name, each in found.items() if each.kind is PinKind.WISH}
        for _ in found:  # as many steps as the longest way could have
            edges = [edge for name in reached for edge in found[name].release.dependencies]
            reached |= {e.plugin for e in edges if e.kind is DependencyKind.REQUIRED}
        assert reached == set(found)
