"""Which Java runs which core: the table as Jenkins publishes it, and laws of its edges."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.controller import Family
from builder.model.java import (
    JAVA_ERAS,
    JavaEra,
    JavaFit,
    era,
    eras_of,
    java_fit,
    javas,
    reads_plugin_java,
)
from builder.version import Version, older_than


@pytest.mark.parametrize(
    ("core", "runs"),
    [
        ("2.46.3", (7, 8)),
        ("2.60.1", (8,)),
        ("2.150.3", (8,)),
        ("2.319.1", (8, 11)),
        ("2.332.4", (8, 11)),
        ("2.346.3", (8, 11, 17)),
        ("2.361.1", (11, 17)),
        ("2.414.3", (11, 17)),
        ("2.426.1", (11, 17, 21)),
        ("2.462.3", (11, 17, 21)),
        ("2.463", (17, 21)),
        ("2.528.3", (17, 21)),
        ("2.541.1", (17, 21, 25)),
        ("2.578", (21, 25)),
    ],
)
def test_a_core_runs_on_the_javas_of_its_era(core: str, runs: tuple[int, ...]) -> None:
    assert javas(Version(core)) == runs


@pytest.mark.parametrize(
    ("core", "java", "fit"),
    [
        ("2.361.1", 8, JavaFit.TOO_OLD),
        ("2.361.1", 11, JavaFit.RUNS),
        ("2.361.1", 12, JavaFit.ONLY_IF_TOLD),  # between the listed ones
        ("2.361.1", 21, JavaFit.ONLY_IF_TOLD),
        ("2.164.1", 9, JavaFit.ONLY_IF_TOLD),
    ],
)
def test_a_java_below_the_lowest_never_runs_and_others_run_if_told(
    core: str, java: int, fit: JavaFit
) -> None:
    assert java_fit(Version(core), java) is fit


def test_hudson_runs_on_java_8_alone() -> None:
    assert javas(Version("3.3.2"), Family.HUDSON) == (8,)
    assert java_fit(Version("3.3.2"), 11, Family.HUDSON) is JavaFit.TOO_OLD


@pytest.mark.parametrize(
    ("core", "reads"),
    [("2.157", False), ("2.158", True), ("2.346.3", True), ("2.347", True), ("2.348", False)],
)
def test_a_plugins_own_java_counts_for_cores_of_four_years(core: str, reads: bool) -> None:  # noqa: FBT001  # a column
    assert reads_plugin_java(Version(core)) is reads


@given(st.sampled_from(JAVA_ERAS), st.integers(min_value=7, max_value=30))
def test_the_table_says_the_same_from_both_sides(begun: JavaEra, java: int) -> None:
    assert era(begun.weekly) == era(begun.lts) == begun
    assert (begun in eras_of(java)) is (java_fit(begun.lts, java) is JavaFit.RUNS)


def test_eras_follow_each_other_and_never_fall_back() -> None:
    for before, after in pairwise(JAVA_ERAS):
        assert older_than(before.weekly, after.weekly)
        assert older_than(before.lts, after.lts)
        assert before.javas[0] <= after.javas[0]
        assert before.javas[-1] <= after.javas[-1]
