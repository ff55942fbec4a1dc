"""Universes so small that every possible plugin set can be tried: the judge of the search."""

from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from builder.errors import ResolutionError
from builder.model.formula import Dependencies, Mode, Policy, Wish
from builder.model.lock import Choice, PinKind, Resolution
from builder.model.plugin import PluginId, Release
from builder.resolve import Question, Universe, Unread, judge, settle
from builder.version import Version, older_than
from tests.fakes.catalogue import catalogue
from tests.fakes.universe import wish

IDS = ("a", "b", "c", "d")
VERSIONS = ("1", "1.9", "1.10")
CORES = ("", " core=2.1", " core=2.10")
CORE, ANY_CORE = Version("2.2"), Version("2.999")


class SmallWorld(Struct, frozen=True, kw_only=True):
    """Releases and wishes as people would type them, and how dependencies are picked."""

    releases: tuple[str, ...]
    wishes: tuple[str, ...]
    dependencies: Dependencies
    core: Version = CORE

    def question(self) -> Question:
        return Question(
            universe=Universe(core=self.core, catalogue=catalogue(*self.releases)),
            wishes=tuple(wish(each) for each in self.wishes),
            policy=Policy(dependencies=self.dependencies),
        )

    def without(self, *, wish_of: str) -> "SmallWorld":
        kept = tuple(each for each in self.wishes if each.partition(":")[0] != wish_of)
        return replace(self, wishes=kept)


@st.composite
def small_worlds(draw: st.DrawFn) -> SmallWorld:
    """Draw some releases of four plugins, edges in all directions, and some wishes."""
    releases = []
    for name in IDS:
        for version in draw(st.lists(st.sampled_from(VERSIONS), unique=True, min_size=1)):
            edges = [
                f"{target}:{draw(st.sampled_from(VERSIONS))}"
                + draw(st.sampled_from(("", "", ";optional")))
                for target in draw(st.lists(st.sampled_from(IDS), max_size=2, unique=True))
                if target != name
            ]
            needs = f" needs={','.join(edges)}" if edges else ""
            releases.append(f"{name}:{version}{draw(st.sampled_from(CORES))}{needs}")
    wished = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    return SmallWorld(
        releases=tuple(releases),
        wishes=tuple(each + draw(st.sampled_from(_forms(each, releases))) for each in wished),
        dependencies=draw(st.sampled_from((Dependencies.NEWEST, Dependencies.LOWEST))),
    )


def _forms(name: str, releases: list[str]) -> tuple[str, ...]:
    """Pin only what is listed: anything else would have to be read first."""
    listed = [each.split()[0].removeprefix(name) for each in releases]
    return ("", ":>=1.9", *(each for each in listed if each.startswith(":")))


def answer(question: Question) -> Resolution | None:
    """Settle it; None where it is refused."""
    try:
        settled = settle(question)
    except ResolutionError:
        return None
    assert not isinstance(settled, Unread)
    return settled


def possible_sets(question: Question) -> Iterator[dict[PluginId, Release]]:
    """Try every set there could be, and give those that load and meet the wishes."""
    universe = question.universe
    ways = [(None, *universe.listed(PluginId(name))) for name in IDS]
    for picked in product(*ways):
        found = {each.plugin: each for each in picked if each is not None}
        meets_wishes = all(meets_wish(found.get(each.plugin), each) for each in question.wishes)
        if meets_wishes and loads(question, tuple(found.values())):
            yield found


def meets_wish(found: Release | None, wished: Wish) -> bool:
    if found is None:
        return False
    if wished.mode is Mode.PINNED:
        return found.version == wished.version
    return wished.version is None or not older_than(found.version, wished.version)


def loads(question: Question, releases: tuple[Release, ...]) -> bool:
    choices = tuple(Choice(release=each, kind=PinKind.WISH, why=()) for each in releases)
    try:
        judge(Resolution(core=question.universe.core, choices=choices))
    except ResolutionError:
        return False
    return True
