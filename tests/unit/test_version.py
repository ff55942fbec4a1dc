from itertools import pairwise, permutations
from pathlib import Path

import pytest

from builder.version import Version, compare, is_snapshot, newest, older_than
from tests.fakes.shared import DATA

GOLDEN = Path(__file__).parents[1] / "golden" / "version_pairs.tsv"
VECTORS = DATA / "version-vectors.txt"
SIGNS = {"<": -1, "=": 0, ">": 1}


def pairs(path: Path) -> list[tuple[Version, int, Version]]:
    """Read ``A<TAB>rel<TAB>B``; fields are never stripped, some end in a blank."""
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(Version(left), SIGNS[sign], Version(right)) for left, sign, right in rows]


def told_wrong(path: Path) -> list[tuple[Version, int, Version]]:
    """List the pairs in which we disagree, the mirrored ones too where no star is in play."""
    given = pairs(path)
    mirrored = [(right, -sign, left) for left, sign, right in given if "*" not in left + right]
    return [each for each in given + mirrored if compare(each[0], each[2]) != each[1]]


def test_our_own_pairs_come_out_as_the_class_has_them() -> None:
    assert len(pairs(GOLDEN)) >= 40
    assert told_wrong(GOLDEN) == []


def test_every_vector_recorded_from_the_class_comes_out_the_same() -> None:
    if not VECTORS.exists():
        pytest.skip(f"the recorded vectors are not beside this checkout: {VECTORS}")
    assert len(pairs(VECTORS)) > 200
    assert told_wrong(VECTORS) == []


def test_the_order_goes_round_in_a_circle_as_the_class_does() -> None:
    circle = [Version("1"), Version("1-1"), Version("1.0b2"), Version("1")]
    assert [compare(left, right) for left, right in pairwise(circle)] == [
        -1,
        -1,
        -1,
    ]


@pytest.mark.parametrize("order", [*permutations(["1", "1-1", "1.0b2"])])
def test_the_newest_of_a_circle_does_not_depend_on_its_order(order: tuple[str, ...]) -> None:
    assert newest(map(Version, order)) == "1.0b2"


@pytest.mark.parametrize("order", [("24.1", "24.1.0"), ("24.1.0", "24.1")])
def test_the_newest_of_equal_versions_is_the_first_in_text_order(order: tuple[str, ...]) -> None:
    assert newest(map(Version, order)) == "24.1"


def test_nothing_has_no_newest() -> None:
    with pytest.raises(ValueError, match=r"\[\]"):
        newest(())


def test_older_is_strict() -> None:
    assert older_than(Version("1.9"), Version("1.10"))
    assert not older_than(Version("1.10"), Version("1.10.0"))
    assert not older_than(Version("1.10"), Version("1.9"))


def test_more_digits_than_python_reads_into_a_number_are_compared() -> None:
    assert older_than(Version("9" * 5000), Version("1" + "0" * 5000))


def test_digits_of_any_script_have_their_value() -> None:
    assert compare(Version("1.\u0661\u0660"), Version("1.10")) == 0  # Arabic-Indic ten
    assert older_than(Version("1.\u0669"), Version("1.10"))


def test_more_dashes_than_python_has_stack_are_compared() -> None:
    assert older_than(Version("1-" * 5000 + "1"), Version("1-" * 5000 + "2"))


@pytest.mark.parametrize(
    "version",
    [
        "1.0-SNAPSHOT",
        "1.12-SNAPSHOT (private-08/24/2008 12:13-hudson)",
        "2.0.3-20170207.105042-1",
        "2.0.3-20170207.105042-13",
    ],
)
def test_a_snapshot_is_told_by_its_marker_or_its_time_stamp(version: str) -> None:
    assert is_snapshot(Version(version))


@pytest.mark.parametrize(
    "version",
    [
        "1.0",
        "1.0-snapshot",
        "1.0.SNAPSHOT",
        "1-20170207.105042",
        "1-20170207.105042-1-x",
        "1-rc2.ab",
    ],
)
def test_what_only_resembles_a_snapshot_is_none(version: str) -> None:
    assert not is_snapshot(Version(version))
