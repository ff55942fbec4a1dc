"""Every check has a hint for the day it fails, and a reason to mind."""

from builder.model.report import Retrial
from builder.verify.checks import listed
from builder.verify.hints import HINTS
from builder.verify.reasons import REASONS


def test_every_check_has_a_hint_and_a_reason_and_none_is_left_over() -> None:
    retrial = Retrial(restarts=True, connects=True, reviews=True, old_image="image:0")
    asked = listed(memory=1, timeout_s=1, has_hooks=True, has_casc=True, retrial=retrial)
    assert {each.id for each in asked} == set(HINTS) == set(REASONS)
