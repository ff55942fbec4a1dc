"""Checks of packages: their findings have their name, and one that breaks has failed alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.adapters.entry_points import InstalledJudges
from builder.checks import Check, Finding, Observation, failed, judged, passed
from builder.model.report import Status
from tests.unit.verify.observations import GOOD

NO_UPDATES = Check(id="updates", title="the log asks for no updates")


def quiet(seen: Observation) -> Iterator[Finding]:
    lines = tuple(line for line in seen.log if "ready" in line)
    yield passed(NO_UPDATES, "some", "some") if lines else failed(NO_UPDATES, "some", "none")


def broken(seen: Observation) -> Iterator[Finding]:
    yield passed(NO_UPDATES, "a", "b")
    raise KeyError(seen.ending.value)


def test_findings_stand_behind_the_name_of_their_package() -> None:
    (found,) = judged((("acme", quiet),), GOOD)
    assert (found.check.id, found.status) == ("acme.updates", Status.PASSED)


def test_one_that_raises_has_failed_and_the_next_is_asked() -> None:
    first, second = judged((("bad", broken), ("good", quiet)), GOOD)
    assert (first.check.id, first.status, first.seen) == ("bad", Status.FAILED, "KeyError: 'ready'")
    assert first.hint
    assert second.check.id == "good.updates"


def test_the_entry_points_of_installed_packages_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "acme-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (facts / "entry_points.txt").write_text(
        "[jbuild.checks]\nacme = acme_checks:judge\nbad = no_such_module:judge\n"
    )
    (tmp_path / "acme_checks.py").write_text(
        "from builder.checks import Check, passed\n"
        "def judge(seen):\n"
        "    return [passed(Check(id='x', title='t'), 'a', str(len(seen.log)))]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    acme, bad = InstalledJudges().judge(GOOD)
    assert (acme.check.id, acme.status) == ("acme.x", Status.PASSED)
    assert (bad.check.id, bad.status) == ("bad", Status.FAILED)
    assert "no_such_module" in bad.seen
