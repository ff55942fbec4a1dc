"""What hooks say of themselves counts."""

import pytest
from msgspec.structs import replace

from builder.model.report import Finding, Status
from tests.unit.verify.observations import GOOD, finding, judged


def _clean(*lines: str) -> Finding:
    return finding(judged(replace(GOOD, log=(*GOOD.log, *lines))), "hooks.clean")


@pytest.mark.parametrize("line", ["jbuild-init users skip admin is there", "jbuild-init users ok"])
def test_what_went_well_is_evidence(line: str) -> None:
    found = _clean(line)
    assert (found.status, found.evidence) == (Status.PASSED, (line,))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("jbuild-init users fail java.io.IOException", "users says: java.io.IOException"),
        ("10:00:00 INFO jbuild-init users fail", "users says: no reason"),
    ],
)
def test_what_failed_by_its_own_words_fails(line: str, said: str) -> None:
    found = _clean("jbuild-init a ok", line)
    assert (found.status, found.seen, found.evidence) == (Status.FAILED, said, (line,))


def test_other_lines_do_not_count() -> None:
    assert _clean("my-jbuild-init users fail x").evidence == ()
