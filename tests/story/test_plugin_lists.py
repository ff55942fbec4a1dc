"""A formula whose plugins stand in a list beside it, read from a real folder."""

from pathlib import Path

import pytest

from builder import pipeline
from builder.errors import FormulaInvalid
from builder.lock import fingerprint
from tests.fakes.story import FORMULA, read
from tests.fakes.world import FakeWorld

LISTED = FORMULA.replace("image:", "pluginsFile: lists/plugins.txt\nimage:")


@pytest.fixture
def listed(path: Path) -> Path:
    path.write_text(LISTED)
    (path.parent / "lists").mkdir()
    (path.parent / "lists" / "plugins.txt").write_text("mailer:1.2\n")
    return path


def test_a_list_beside_the_formula_is_read_with_it(made: FakeWorld, listed: Path) -> None:
    formula = read(made.world, listed)
    assert [each.plugin for each in formula.plugins] == ["git", "mailer"]
    assert formula.plugins[1].place.file == str(listed.parent / "lists" / "plugins.txt")


def test_comments_in_a_list_leave_a_lock_fresh_and_wishes_do_not(
    made: FakeWorld, listed: Path
) -> None:
    before = fingerprint(read(made.world, listed))
    file = listed.parent / "lists" / "plugins.txt"
    file.write_text("# why we need it\nmailer : 1.2 # for mails\n")
    assert fingerprint(read(made.world, listed)) == before
    file.write_text("mailer:1.3\n")
    assert fingerprint(read(made.world, listed)) != before


def test_a_list_that_is_not_there_is_told(made: FakeWorld, listed: Path) -> None:
    (listed.parent / "lists" / "plugins.txt").unlink()
    with pytest.raises(FormulaInvalid) as caught:
        pipeline.read_formula(made.world, listed, {})
    assert [each.path for each in caught.value.problems] == ["pluginsFile"]
