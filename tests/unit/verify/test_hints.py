"""Every check has a hint for the day it fails."""

from builder.model.report import Retrial
from builder.verify.checks import listed
from builder.verify.hints import HINTS


def test_every_check_has_a_hint_and_no_hint_is_left_over() -> None:
    retrial = Retrial(restarts=True, old_image="image:0")
    asked = listed(memory=1, timeout_s=1, has_hooks=True, has_casc=True, retrial=retrial)
    assert {each.id for each in asked} == set(HINTS)
