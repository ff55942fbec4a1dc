"""The judge refuses what a booting controller would."""

import pytest

from builder.errors import CoreTooOld, DependencyCycle, DependencyUnmet, JbuildError
from builder.model.lock import Choice, PinKind, Resolution
from builder.model.plugin import Release
from builder.resolve import judge
from builder.version import Version
from tests.fakes.universe import release


def _set(*releases: Release) -> Resolution:
    choices = tuple(Choice(release=each, kind=PinKind.WISH, why=()) for each in releases)
    return Resolution(core=Version("2.0"), choices=choices)


@pytest.mark.parametrize(
    ("releases", "error"),
    [
        ((release("a:1", "b:1"),), DependencyUnmet),
        ((release("a:1", "b:2"), release("b:1")), DependencyUnmet),
        ((release("a:1", "b:2;resolution:=optional"), release("b:1")), DependencyUnmet),
        ((release("a:1", core="2.0.1"),), CoreTooOld),
        ((release("a:1", "b:1"), release("b:1", "a:1")), DependencyCycle),
        ((release("a:1", "a:1"),), DependencyCycle),
    ],
)
def test_a_set_that_would_not_load_is_refused(
    releases: tuple[Release, ...], error: type[JbuildError]
) -> None:
    with pytest.raises(error):
        judge(_set(*releases))


@pytest.mark.parametrize(
    "releases",
    [
        (),
        (release("a:1", "b:1"), release("b:1.0")),
        (release("a:1", "b:2;resolution:=optional"),),
        (release("a:1", core="2.0"),),
        (release("a:1", "b:1,c:1"), release("b:1", "c:1"), release("c:1")),
    ],
)
def test_a_set_that_loads_is_accepted(releases: tuple[Release, ...]) -> None:
    judge(_set(*releases))


def test_a_cycle_is_told_in_full() -> None:
    cycle = (release("a:1", "b:1"), release("b:1", "c:1"), release("c:1", "b:1"))
    with pytest.raises(DependencyCycle) as caught:
        judge(_set(*cycle))
    assert caught.value.cycle == ("b", "c", "b")
