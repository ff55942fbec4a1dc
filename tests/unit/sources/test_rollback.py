"""Catalogues older than what this machine has seen, however they are brought to it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.errors import CatalogueUntrusted, Distrust
from builder.model.catalogue import Asked
from builder.model.formula import CatalogueWishes
from builder.model.mirror import Document
from builder.sources import catalogues
from builder.sources.catalogues import Catalogues
from tests.fakes.documents import SEEN
from tests.fakes.signing import holder, rsa_key, signed
from tests.fakes.world import FakeWorld, fake_world

_SITE = "https://m.example/updates/"
_URL = f"{_SITE}update-center.json"
_ROOT = holder("root", rsa_key(0), span=(SEEN - timedelta(900), SEEN + timedelta(30)))
_OLD = SEEN - timedelta(days=400)


class Desk:
    """A machine that reads one site again and again."""

    def __init__(self, folder: Path) -> None:
        self.fake: FakeWorld = fake_world(folder / "store", {}, web={})
        (folder / "root.pem").write_bytes(_ROOT.pem)
        self.asked = Asked(now=SEEN, folder=folder)

    def read(self, made: datetime) -> Catalogues:
        """Ask the site, which has the catalogue of that time."""
        document: dict[str, object] = {
            "id": "default",
            "updateCenterVersion": "1",
            "plugins": {},
            "generationTimestamp": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        }
        self.fake.documents.pages[_URL] = signed(document, _ROOT)
        wishes = CatalogueWishes(sources=(_SITE,), trust=("root.pem",))
        return catalogues.read(self.fake.world, wishes, self.asked, None)

    def distrust(self, made: datetime) -> Distrust:
        """Ask, and be refused."""
        with pytest.raises(CatalogueUntrusted) as caught:
            self.read(made)
        return caught.value.distrust


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _brought(desk: Desk, seen: datetime, carried: datetime = SEEN) -> None:
    """Have what is read from now on brought by a bundle."""
    desk.fake.documents.retold = lambda document: replace(document, seen=seen, carried=carried)


@pytest.mark.parametrize("seen", [_OLD, SEEN])
def test_a_bundle_rolls_nothing_back_whatever_it_says(desk: Desk, seen: datetime) -> None:
    desk.read(SEEN)
    _brought(desk, seen, SEEN - timedelta(hours=1))  # it came before the newest did
    assert desk.distrust(_OLD) is Distrust.OLDER
    desk.asked = replace(desk.asked, allow_rollback=True)
    found = [each.id for each in desk.read(_OLD).findings]
    assert found == [f"rollback:{_SITE}", f"carried:{_SITE}"]


def test_that_a_catalogue_came_by_bundle_is_told_with_its_date(desk: Desk) -> None:
    _brought(desk, SEEN)
    (finding,) = desk.read(SEEN).findings
    assert finding.sentence == f"{_SITE} came by bundle, and is of 2026-08-22"


def test_an_old_catalogue_from_a_bundle_is_told_however_new_it_says_it_was(desk: Desk) -> None:
    _brought(desk, _OLD)
    found = [each.id for each in desk.read(_OLD).findings]
    assert found == [f"old:{_SITE}", f"carried:{_SITE}"]


def test_what_a_bundle_says_puts_no_memory_into_the_past(desk: Desk) -> None:
    _brought(desk, SEEN - timedelta(days=2), SEEN + timedelta(days=2))
    desk.read(SEEN - timedelta(days=2))
    desk.fake.documents.retold = lambda document: document
    assert desk.read(SEEN - timedelta(days=3)).findings == ()  # it came before, so was current


_LATE = SEEN + timedelta(days=31)  # no certificate is valid any more


@pytest.mark.parametrize("days", [0, 30])
def test_dates_of_what_was_new_are_judged_by_when_it_was_seen(desk: Desk, days: int) -> None:
    _brought(desk, SEEN, _LATE)
    assert desk.read(SEEN - timedelta(days)).identities


@pytest.mark.parametrize("days", [-1, 31])
def test_dates_of_what_was_not_new_are_judged_by_when_it_came(desk: Desk, days: int) -> None:
    _brought(desk, SEEN, _LATE)
    assert desk.distrust(SEEN - timedelta(days)) is Distrust.EXPIRED
    assert desk.distrust(SEEN - timedelta(days)) is Distrust.EXPIRED


def test_a_redirect_does_not_make_it_another_series(desk: Desk) -> None:
    def sent_on(document: Document) -> Document:
        return replace(document, url="https://m.example/experimental/update-center.json")

    desk.read(SEEN)
    desk.fake.documents.retold = sent_on
    assert desk.distrust(_OLD) is Distrust.OLDER
