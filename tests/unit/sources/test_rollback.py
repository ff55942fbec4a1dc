"""Catalogues older than what this machine has seen, however they are brought to it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

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


def test_a_redirect_does_not_make_it_another_series(desk: Desk) -> None:
    def sent_on(document: Document) -> Document:
        return replace(document, url="https://m.example/experimental/update-center.json")

    desk.read(SEEN)
    desk.fake.documents.retold = sent_on
    assert desk.distrust(_OLD) is Distrust.OLDER
