"""What of wishes, catalogue and policy makes a lock stale, and what does not."""

from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace

from builder.lock import changes, fingerprint
from builder.model.base_wishes import EngineBase, RegistryBase
from builder.model.formula import (
    Allowance,
    CatalogueWishes,
    Dependencies,
    Formula,
    Implied,
    Mode,
    Place,
    Policy,
    Retired,
    Wish,
)
from builder.model.lock import Lock
from builder.model.plugin import Addressed, Beside, Coordinates, PluginId
from builder.version import Version
from tests.fakes.samples import FORMULA, LOCK

GIT = FORMULA.plugins[0]
PLACE = Place("formula.yaml", 1, 1)


def wishing(wish: Wish) -> Formula:
    return replace(FORMULA, plugins=(wish,))


def addressed(url: str) -> Formula:
    return wishing(replace(GIT, version=None, origin=Addressed(), url=url))


CHANGED = [
    wishing(replace(GIT, version=None, mode=Mode.NEWEST)),
    wishing(replace(GIT, version=None, mode=Mode.LATEST)),
    wishing(replace(GIT, mode=Mode.AT_LEAST)),
    wishing(replace(GIT, group="org.other")),
    wishing(replace(GIT, origin=Coordinates("org.example", "git", Version("1.9")))),
    wishing(replace(GIT, origin=Beside(PurePosixPath("git.hpi")))),
    addressed("https://a/git.hpi"),
    addressed("https://b/git.hpi"),
    replace(FORMULA, catalogue=CatalogueWishes(sources=("stable",))),
    replace(FORMULA, catalogue=CatalogueWishes(sources=("stable", "official"))),
    replace(FORMULA, catalogue=CatalogueWishes(trust=("ca.pem",))),
    replace(FORMULA, policy=Policy(implied=Implied.SKIP)),
    replace(FORMULA, policy=Policy(dependencies=Dependencies.LOWEST)),
    replace(FORMULA, image=replace(FORMULA.image, base=RegistryBase(reference="a/b:1"))),
    replace(FORMULA, image=replace(FORMULA.image, base=EngineBase(reference="a/b:1"))),
    replace(FORMULA, image=replace(FORMULA.image, base=None)),
    replace(FORMULA, image=replace(FORMULA.image, retired=(Retired(PluginId("old"), PLACE),))),
    replace(FORMULA, image=replace(FORMULA.image, platforms=("linux/arm64",))),
]


def test_each_meaning_has_a_fingerprint_of_its_own() -> None:
    prints = [fingerprint(each) for each in (FORMULA, *CHANGED)]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize(
    "other",
    [
        replace(FORMULA, catalogue=CatalogueWishes(mirrors=("china",))),
        replace(FORMULA, policy=Policy(signed_only=True, refuse_warnings=True)),
        replace(
            FORMULA, policy=Policy(allow=(Allowance(id="A-1", until=None, why="b", place=PLACE),))
        ),
        wishing(replace(GIT, place=Place("elsewhere.txt", 7, 3))),
    ],
)
def test_mirrors_and_what_a_team_accepts_leave_no_trace(other: Formula) -> None:
    assert fingerprint(other) == fingerprint(FORMULA)


def locked_at(version: str, formula: Formula) -> Lock:
    pin = replace(LOCK.plugins[0], version=Version(version))
    return replace(LOCK, plugins=(pin,), fingerprint=fingerprint(formula))


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        (replace(GIT, version=Version("1.2"), mode=Mode.AT_LEAST), True),
        (replace(GIT, version=Version("1.10"), mode=Mode.AT_LEAST), True),
        (replace(GIT, version=Version("1.11"), mode=Mode.AT_LEAST), False),
        (replace(GIT, version=Version("1.2")), False),
        (replace(GIT, version=None, mode=Mode.NEWEST), True),
        (replace(GIT, version=Version("1.2"), origin=Addressed(), url="https://a/b"), True),
    ],
)
def test_a_locked_version_fits_whatever_its_wish_allows(wish: Wish, *, fits: bool) -> None:
    formula = wishing(wish)
    expected = () if fits else (f"plugins: git is now {wish.version}",)
    assert changes(formula, locked_at("1.10", formula)) == expected
