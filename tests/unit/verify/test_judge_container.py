"""Judges homes that cannot be written and first processes that bury nobody."""

import pytest
from msgspec.structs import replace

from builder.model.report import Status
from tests.unit.verify.observations import GOOD, NOT_READY, finding, judged, only_failure


@pytest.mark.parametrize(
    ("seen", "check", "said"),
    [
        (replace(GOOD, unwritable=("/home/a", "/home/b")), "home.writable", "/home/a; /home/b"),
        (replace(GOOD, zombies=("17 (sh)",)), "process.reaps", "17 (sh)"),
    ],
)
def test_what_was_seen_is_named(seen: object, check: str, said: str) -> None:
    failure = only_failure(seen)  # type: ignore[arg-type]  # an observation
    assert (failure.check.id, failure.seen) == (check, said)


def test_a_container_that_nobody_looked_into_is_skipped() -> None:
    report = judged(replace(GOOD, unwritable=None, zombies=None))
    for check in ("home.writable", "process.reaps"):
        found = finding(report, check)
        assert found.status is Status.SKIPPED
        assert found.seen == "the container could not be looked into"
        assert finding(judged(NOT_READY), check).seen == "the controller never became ready"
