"""Laws of the version order; it is not transitive, so no law here says so."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from builder.version import Version, compare, newest

MESSY = st.text(alphabet="019.-*abmrcvspSNAPHOT_+ (){}", max_size=16).map(Version)
DOTTED = st.lists(st.integers(min_value=0, max_value=10**20), min_size=1, max_size=6)
HASH = st.text(alphabet="0123456789abcdef_", min_size=4, max_size=12)
PUBLISHED = st.one_of(
    DOTTED.map(lambda numbers: ".".join(map(str, numbers))),
    st.builds("{}.v{}".format, st.integers(0, 4000), HASH),
    st.builds("{}-rc{}.{}".format, st.integers(0, 600), st.integers(1, 999), HASH),
    st.builds("{}.{}-{}".format, st.integers(0, 9), st.integers(0, 99), st.integers(0, 9)),
    st.builds("{}-{}-{}".format, st.integers(0, 9), st.sampled_from(["alpha", "beta"]), HASH),
).map(Version)


@given(st.text(alphabet="019.-*abmrcvsp_+ (){}", max_size=16))
def test_capitals_make_no_difference(text: str) -> None:
    assert compare(Version(text), Version(text.upper())) == 0


@given(MESSY, MESSY)
def test_swapping_two_versions_mirrors_the_answer_where_no_star_is(
    left: Version, right: Version
) -> None:
    without = [Version(each.replace("*", "")) for each in (left, right)]
    assert compare(without[0], without[1]) == -compare(without[1], without[0])


@given(DOTTED, DOTTED)
def test_dotted_numbers_follow_the_order_of_tuples(left: list[int], right: list[int]) -> None:
    width = max(len(left), len(right))
    ours, theirs = (tuple(each + [0] * (width - len(each))) for each in (left, right))
    answer = compare(*(Version(".".join(map(str, each))) for each in (left, right)))
    assert answer == (ours > theirs) - (ours < theirs)


@given(DOTTED, st.integers(min_value=1, max_value=5))
def test_zeros_at_the_end_make_no_difference(numbers: list[int], zeros: int) -> None:
    short = ".".join(map(str, numbers))
    assert compare(Version(short), Version(short + ".0" * zeros)) == 0


@given(st.lists(PUBLISHED, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_newest_does_not_depend_on_the_order_of_its_input(
    versions: list[Version], random: Random
) -> None:
    shuffled = versions * 2
    random.shuffle(shuffled)
    assert newest(shuffled) == newest(versions)


@given(st.lists(DOTTED, min_size=1, max_size=8))
def test_no_dotted_version_is_newer_than_the_newest(rows: list[list[int]]) -> None:
    versions = [Version(".".join(map(str, row))) for row in rows]
    best = newest(versions)
    assert [each for each in versions if compare(each, best) > 0] == []
