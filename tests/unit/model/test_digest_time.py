"""The time that follows from a file's content."""

from datetime import UTC, datetime

from builder.model.digest import Digest

TIMES = tuple(Digest.of(str(number).encode()).time_s for number in range(500))


def test_a_time_is_even_so_that_a_zip_archive_can_hold_it() -> None:
    assert {time_s % 2 for time_s in TIMES} == {0}


def test_a_time_lies_in_the_fixed_span_even_for_the_smallest_and_the_largest_digest() -> None:
    ends = (Digest("0" * 64).time_s, Digest("f" * 64).time_s)
    years = {datetime.fromtimestamp(time_s, tz=UTC).year for time_s in TIMES + ends}
    assert min(years) >= 2000
    assert max(years) <= 2019


def test_other_content_has_another_time() -> None:
    assert len(set(TIMES)) == len(TIMES)


def test_equal_content_has_the_same_time_on_every_machine() -> None:
    assert Digest.of(b"jbuild").time_s == 1_250_783_200
