"""Every check has a hint for the day it fails."""

from builder import verify
from builder.verify.hints import HINTS
from tests.fakes.samples import FORMULA, LOCK


def test_every_check_has_a_hint_and_no_hint_is_left_over() -> None:
    asked = {each.id for each in verify.checks(FORMULA, LOCK)} | {
        "hooks.ran",
        "casc.files",
        "casc.applied",
    }
    assert asked == set(HINTS)
