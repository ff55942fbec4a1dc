"""The page that explains the checks."""

import re
from pathlib import Path

from builder.model.report import Retrial
from builder.verify.checks import listed

_ALL = Retrial(restarts=True, connects=True, reviews=True, old_image="image:0")
_PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_each_check_has_its_section_in_the_order_of_a_report() -> None:
    checks = listed(memory=1, timeout_s=1, has_hooks=True, has_casc=True, retrial=_ALL)
    sections = re.findall(r"^## (\S+)$", _PAGE.read_text(), re.MULTILINE)
    assert sections == [*(each.id for each in checks), "custom.ID"]


def test_each_section_says_how_to_mend() -> None:
    for section in _PAGE.read_text().split("\n## ")[1:]:
        assert section.count("*Mend:*") == 1, section
