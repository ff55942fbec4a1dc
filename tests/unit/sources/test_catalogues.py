"""How the sources of a formula become one catalogue."""

import gzip
import json
import lzma
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.errors import (
    CatalogueBroken,
    CatalogueUntrusted,
    Distrust,
    OfflineMiss,
    SourceUnreachable,
    Unreadable,
)
from builder.model.catalogue import Asked, Identity
from builder.model.digest import Digest
from builder.model.formula import CatalogueWishes
from builder.model.plugin import PluginId, Trust
from builder.sources import catalogues
from builder.sources.catalogues import Catalogues
from builder.sources.reading import roots
from builder.version import Version
from tests.fakes.documents import SEEN
from tests.fakes.shared import DATA
from tests.fakes.signing import Holder, holder, rsa_key, signed
from tests.fakes.world import FakeWorld, fake_world

GIT, ANT = PluginId("git"), PluginId("ant")
SITE = "https://m.example/updates/"
CURRENT, PAST = f"{SITE}update-center.json", f"{SITE}current/plugin-versions.json"
SHA = "6rVihRaF+26EFVoDFUACRnBR0octBouFPPwcO4a2aak="
ROOT = holder("root", rsa_key(0), span=(SEEN - timedelta(900), SEEN + timedelta(30)))
OTHER = holder("other", rsa_key(1), span=(SEEN - timedelta(900), SEEN + timedelta(30)))


def _entry(version: str, **other: object) -> dict[str, object]:
    return {"version": version, "dependencies": [], "sha256": SHA, **other}


def _center(at: datetime | None = SEEN, **plugins: str) -> dict[str, object]:
    made = {"generationTimestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}"} if at else {}
    return {
        "id": "default",
        "updateCenterVersion": "1",
        "plugins": {name: _entry(version) for name, version in plugins.items()},
        **made,
    }


def _history(**plugins: str) -> dict[str, object]:
    told = {name: {v: _entry(v) for v in versions.split()} for name, versions in plugins.items()}
    return {"plugins": told, "updateCenterVersion": "1"}


class Desk:
    """A folder with a root, a world around it, and a question that can be asked again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fake: FakeWorld = fake_world(folder / "store", {}, web={})
        (folder / "root.pem").write_bytes(ROOT.pem)
        self.asked = Asked(now=SEEN, folder=folder)
        self.wishes = CatalogueWishes(sources=(SITE,), trust=("root.pem",))

    @property
    def pages(self) -> dict[str, bytes]:
        """What servers have, by URL."""
        return self.fake.documents.pages

    def read(self, core: str | None = None) -> Catalogues:
        """Ask."""
        version = Version(core) if core else None
        return catalogues.read(self.fake.world, self.wishes, self.asked, version)

    def distrust(self) -> tuple[Distrust, str]:
        """Ask, and be refused."""
        with pytest.raises(CatalogueUntrusted) as caught:
            self.read()
        return caught.value.distrust, caught.value.fault


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _serve(desk: Desk, document: dict[str, object], signer: Holder = ROOT) -> None:
    desk.pages[CURRENT] = signed(document, signer)


def test_a_signed_catalogue_is_read_with_its_identity(desk: Desk) -> None:
    _serve(desk, _center(git="2"))
    found = desk.read()
    (identity,) = found.identities
    assert replace(identity, digest512="") == Identity(
        name=SITE,
        site="default",
        timestamp=SEEN,
        digest512="",
        signer=Digest.of(ROOT.der),
        trust=Trust.SIGNED,
    )
    assert len(identity.digest512) == 128
    (release,) = found.current.releases(GIT)
    assert (release.trust, release.source, found.findings) == (Trust.SIGNED, SITE, ())


def test_the_tier_of_the_core_is_asked_for(desk: Desk) -> None:
    desk.pages[f"{CURRENT}?version=2.346.3"] = signed(_center(git="1"), ROOT)
    assert desk.read("2.346.3").current.offered(GIT) == "1"


def test_a_tier_that_is_gone_gives_the_newest_catalogue_and_a_finding(desk: Desk) -> None:
    desk.wishes = replace(desk.wishes, sources=("official",))
    newest = "https://updates.jenkins.io/current/update-center.json"
    desk.pages[newest] = signed(_center(git="1"), ROOT)
    found = desk.read("2.1")
    assert found.current.offered(GIT) == "1"
    (finding,) = found.findings
    assert finding.id == "tier:official"
    assert "answered 404" in finding.evidence


def test_a_history_is_opened_by_the_first_question_that_needs_it(desk: Desk) -> None:
    _serve(desk, _center(git="3"))
    desk.pages[PAST] = signed(_history(git="1 2 3", ant="1"), ROOT)
    found = desk.read()
    assert found.merged.offered(GIT) == "3"
    assert found.merged.where(GIT, Version("1")) is not None
    assert found.current.releases(ANT) == ()
    assert desk.fake.documents.asked == [CURRENT]
    assert len(found.identities) == 1
    assert [each.version for each in found.merged.releases(GIT)] == ["1", "2", "3"]
    assert desk.fake.documents.asked == [CURRENT, PAST]
    assert [each.name for each in found.identities] == [SITE, PAST]
    assert [each.version for each in found.current.releases(GIT)] == ["3"]
    assert set(found.merged.ids()) == {"git", "ant"}


def test_a_history_has_to_be_signed_as_well(desk: Desk) -> None:
    _serve(desk, _center(git="3"))
    desk.pages[PAST] = signed(_history(git="1"), OTHER)
    found = desk.read()
    with pytest.raises(CatalogueUntrusted) as caught:
        found.merged.releases(GIT)
    assert caught.value.distrust is Distrust.UNKNOWN_SIGNER


def test_sources_are_joined_in_order(desk: Desk) -> None:
    other = "https://other.example/uc.json"
    desk.wishes = replace(desk.wishes, sources=(other, SITE))
    desk.pages[other] = signed(_center(git="1"), ROOT)
    _serve(desk, _center(git="2", ant="1"))
    found = desk.read()
    assert (found.current.offered(GIT), found.current.offered(ANT)) == ("1", "1")
    assert [each.source for each in found.current.releases(GIT)] == [other, SITE]


def test_the_command_names_other_sources_and_further_roots(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other.crt").write_bytes(OTHER.der)
    (tmp_path / "uc.json").write_bytes(signed(_center(git="7"), OTHER))
    sources, trust = (str(tmp_path / "uc.json"),), (tmp_path / "other.crt",)
    desk.asked = replace(desk.asked, sources=sources)
    assert desk.distrust()[0] is Distrust.UNKNOWN_SIGNER
    desk.asked = replace(desk.asked, trust=trust)
    found = desk.read()
    assert found.merged.offered(GIT) == "7"
    assert found.identities[0].signer == Digest.of(OTHER.der)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_a_file_beside_the_formula_may_be_packed(desk: Desk, pack: type[bytes]) -> None:
    (desk.folder / "uc").mkdir()
    (desk.folder / "uc" / "a.json").write_bytes(pack(signed(_center(git="7"), ROOT)))
    desk.wishes = replace(desk.wishes, sources=("uc/a.json",))
    assert desk.read().current.offered(GIT) == "7"


def test_a_file_without_a_signature_is_taken_only_from_the_command_line(desk: Desk) -> None:
    path = desk.folder / "uc.json"
    path.write_bytes(json.dumps(_center(git="7")).encode())
    desk.wishes = replace(desk.wishes, sources=("uc.json",))
    assert desk.distrust()[0] is Distrust.UNSIGNED
    desk.asked = replace(desk.asked, sources=(str(path),))
    found = desk.read()
    (release,) = found.current.releases(GIT)
    (identity,) = found.identities
    assert (release.trust, identity.trust, identity.signer) == (
        Trust.UNSIGNED,
        Trust.UNSIGNED,
        None,
    )
    assert [each.id for each in found.findings] == [f"unsigned:{path}"]


def test_a_signature_that_does_not_hold_is_never_taken(desk: Desk) -> None:
    path = desk.folder / "uc.json"
    desk.asked = replace(desk.asked, sources=(str(path),))
    path.write_bytes(signed(_center(git="7"), ROOT).replace(b'"7"', b'"8"'))
    assert desk.distrust()[0] is Distrust.ALTERED
    path.write_bytes(signed(_center(git="7"), OTHER))
    assert desk.distrust()[0] is Distrust.UNKNOWN_SIGNER


def test_a_url_is_never_taken_without_a_signature(desk: Desk) -> None:
    desk.pages[CURRENT] = json.dumps(_center(git="7")).encode()
    desk.asked = replace(desk.asked, sources=(SITE,))
    assert desk.distrust()[0] is Distrust.UNSIGNED


def test_what_held_once_is_not_checked_again_but_for_its_dates(desk: Desk) -> None:
    _serve(desk, _center(git="1"))
    first = desk.read()
    stored = desk.fake.world.store.find(Digest.of(desk.pages[CURRENT]))
    assert stored
    stored.path.write_bytes(bytes(stored.size))  # whoever reads it again will fall over it
    again = desk.read()
    assert again.identities == first.identities
    assert again.current.releases(GIT) == first.current.releases(GIT)
    stored.path.write_bytes(desk.pages[CURRENT])
    desk.asked = replace(desk.asked, at=SEEN + timedelta(31))
    assert desk.distrust()[0] is Distrust.EXPIRED


def test_what_held_for_one_choice_of_roots_is_checked_for_another(desk: Desk) -> None:
    _serve(desk, _center(git="1"))
    desk.read()
    (desk.folder / "root.pem").write_bytes(OTHER.pem)
    assert desk.distrust()[0] is Distrust.UNKNOWN_SIGNER


def test_what_held_by_sha1_does_not_hold_without_the_flag(desk: Desk) -> None:
    no = {"correct_digest512": None, "correct_signature512": None}
    desk.pages[CURRENT] = signed(_center(git="1"), ROOT, **no)
    desk.asked = replace(desk.asked, allow_sha1=True)
    assert desk.read().current.offered(GIT) == "1"
    desk.asked = replace(desk.asked, allow_sha1=False)
    assert desk.distrust()[0] is Distrust.UNSIGNED


def test_a_damaged_memory_only_costs_time(desk: Desk) -> None:
    _serve(desk, _center(git="1"))
    desk.read()
    for each in (desk.folder / "store" / "notes").iterdir():
        each.write_bytes(b"{")
    assert desk.read().current.offered(GIT) == "1"


def test_dates_are_judged_when_a_server_last_said_so_or_as_asked(desk: Desk) -> None:
    _serve(desk, _center(git="1"))
    desk.asked = replace(desk.asked, now=SEEN + timedelta(400))
    assert desk.read().current.offered(GIT) == "1"
    path = desk.folder / "uc.json"
    path.write_bytes(desk.pages[CURRENT])
    desk.asked = replace(desk.asked, sources=(str(path),))
    assert desk.distrust()[0] is Distrust.EXPIRED
    desk.asked = replace(desk.asked, at=SEEN)
    assert desk.read().current.offered(GIT) == "1"


OLD = SEEN - timedelta(hours=1)


@pytest.mark.parametrize("at", [OLD, None])
def test_an_older_catalogue_than_one_already_seen_is_refused(
    desk: Desk, at: datetime | None
) -> None:
    _serve(desk, _center(git="2"))
    desk.read()
    _serve(desk, _center(at, git="1"))
    distrust, fault = desk.distrust()
    assert distrust is Distrust.OLDER
    assert "2026-08-22 12:00 has been seen; --allow-rollback takes it" in fault
    desk.asked = replace(desk.asked, allow_rollback=True)
    assert [each.id for each in desk.read().findings] == [f"rollback:{SITE}"]
    desk.asked = replace(desk.asked, allow_rollback=False)
    assert desk.distrust()[0] is Distrust.OLDER


def test_a_catalogue_that_came_before_the_newest_did_was_current_then(desk: Desk) -> None:
    """As the cache serves it offline, after another formula has read a newer one."""
    _serve(desk, _center(git="2"))
    desk.read()
    _serve(desk, _center(OLD, git="1"))
    desk.asked = replace(desk.asked, at=OLD)
    assert (desk.read().current.offered(GIT), desk.read().findings) == ("1", ())
    desk.asked = replace(desk.asked, at=None)
    assert desk.distrust()[0] is Distrust.OLDER


def test_a_time_that_was_asked_for_puts_no_memory_into_the_future(desk: Desk) -> None:
    _serve(desk, _center(git="2"))
    desk.asked = replace(desk.asked, at=SEEN + timedelta(days=10))
    desk.read()
    desk.asked = replace(desk.asked, at=None)
    _serve(desk, _center(OLD, git="1"))
    assert desk.distrust()[0] is Distrust.OLDER


def test_the_memory_is_of_the_site_and_its_signer_whatever_the_address(desk: Desk) -> None:
    _serve(desk, _center(git="2"))
    desk.read()
    other = "https://other.example/uc.json"
    desk.wishes = CatalogueWishes(sources=(other,), trust=("root.pem",))
    desk.pages[other] = signed(_center(OLD, git="1"), ROOT)
    assert desk.distrust()[0] is Distrust.OLDER
    desk.pages[other] = signed({**_center(OLD, git="1"), "id": "ours"}, ROOT)
    assert desk.read().current.offered(GIT) == "1"
    (desk.folder / "root.pem").write_bytes(ROOT.pem + OTHER.pem)
    desk.pages[other] = signed(_center(OLD, git="1"), OTHER)
    assert desk.read().current.offered(GIT) == "1"


def test_a_mirror_that_lags_behind_another_of_the_same_run_hides_nothing(desk: Desk) -> None:
    other = "https://other.example/uc.json"
    desk.wishes = CatalogueWishes(sources=(other, SITE), trust=("root.pem",))
    desk.pages[other] = signed(_center(OLD, git="1"), ROOT)
    _serve(desk, _center(git="2"))
    for _ in range(2):
        assert desk.read().current.offered(GIT) == "1"
    desk.wishes = replace(desk.wishes, sources=(other,))
    assert desk.distrust()[0] is Distrust.OLDER


def test_the_experimental_site_has_a_clock_of_its_own(desk: Desk) -> None:
    _serve(desk, _center(git="2"))
    desk.read()
    desk.wishes = CatalogueWishes(sources=("experimental",), trust=("root.pem",))
    url = "https://updates.jenkins.io/experimental/update-center.json"
    desk.pages[url] = signed(_center(OLD, git="3-beta"), ROOT)
    assert desk.read().current.offered(GIT) == "3-beta"


def test_a_first_catalogue_that_is_days_old_is_a_finding(desk: Desk) -> None:
    _serve(desk, _center(SEEN - timedelta(days=5), git="1"))
    assert [each.sentence for each in desk.read().findings] == [
        f"{SITE} is 5 days old, and no newer one is known"
    ]
    assert desk.read().findings == ()


def test_a_refused_catalogue_leaves_no_memory(desk: Desk) -> None:
    _serve(desk, _center(SEEN + timedelta(days=1), git="1"), OTHER)
    assert desk.distrust()[0] is Distrust.UNKNOWN_SIGNER
    _serve(desk, _center(git="1"))
    assert desk.read().current.offered(GIT) == "1"


def test_offline_serves_what_was_read_before(desk: Desk) -> None:
    _serve(desk, _center(git="1"))
    desk.read()
    desk.fake.documents.offline = True
    found = desk.read()
    assert found.current.offered(GIT) == "1"
    with pytest.raises(OfflineMiss):
        found.merged.releases(GIT)


def test_warnings_deprecations_and_cores_of_all_sources_are_joined(desk: Desk) -> None:
    other = "https://other.example/uc.json"
    warning = {"id": "S-1", "type": "plugin", "name": "git", "versions": []}
    more = {"core": {"version": "2.9", "sha256": SHA}, "warnings": [warning]}
    lesser = {"core": {"version": "2.9", "sha256": SHA, "size": 1}}
    first = {"deprecations": {"git": {"url": "first"}}}
    second = {**lesser, "deprecations": {"git": {"url": "second"}, "ant": {"url": "x"}}}
    desk.wishes = CatalogueWishes(sources=(SITE, other), trust=("root.pem",))
    desk.pages[CURRENT] = signed({**_center(), **more, **first}, ROOT)
    desk.pages[other] = signed({**_center(), **more, **second}, ROOT)
    found = desk.read()
    assert [(each.version, each.size) for each in found.cores] == [("2.9", None)]
    assert [each.id for each in found.warnings] == ["S-1"]
    assert found.deprecations == {"git": "first", "ant": "x"}


@pytest.mark.parametrize("content", [b"", b"<html>no</html>", b"\x1f\x8bbroken", b'{"a":1.5}'])
def test_what_is_no_catalogue_is_told_by_its_source(desk: Desk, content: bytes) -> None:
    desk.pages[CURRENT] = content
    with pytest.raises(CatalogueBroken) as caught:
        desk.read()
    assert caught.value.source == SITE


def test_what_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(SourceUnreachable):
        desk.read()
    for wishes in (
        CatalogueWishes(sources=("absent.json",), trust=("root.pem",)),
        CatalogueWishes(sources=(SITE,), trust=("absent.pem",)),
    ):
        desk.wishes = wishes
        with pytest.raises(Unreadable, match="there is no such file"):
            desk.read()


def test_jenkins_roots_count_only_where_they_are_named(desk: Desk) -> None:
    world, both = desk.fake.world, replace(desk.wishes, trust=("root.pem", "jenkins"))
    assert len(roots(world, desk.wishes, desk.asked).trusted) == 1
    assert len(roots(world, both, desk.asked).trusted) == 3


def test_nothing_heavy_is_imported_before_a_signature_is_checked() -> None:
    code = "import sys, builder.sources.catalogues; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = {each.partition(".")[0] for each in said.stdout.split()}
    assert "msgspec" in loaded
    assert not loaded & {"cryptography", "requests", "urllib3", "docker", "pydantic"}


@pytest.mark.skipif(not DATA.exists(), reason="the real catalogues are not there")
def test_real_files_are_read_from_the_command_line(desk: Desk) -> None:
    folder = DATA / "catalogues"
    names = ("tsinghua-2026-08-22.json.xz", "plugin-versions.json.xz")
    desk.asked = Asked(
        now=datetime(2026, 11, 23, tzinfo=UTC),
        folder=desk.folder,
        sources=tuple(str(folder / each) for each in names),
        trust=(folder / "lework-root-ca.crt",),
    )
    found = desk.read("2.346.3")
    assert found.merged.offered(GIT) == "5.10.1"
    assert len(found.merged.releases(GIT)) > 50
    assert len(found.cores) == 339
    assert [each.trust for each in found.identities] == [Trust.SIGNED, Trust.UNSIGNED]
    assert [each.id for each in found.findings] == [f"unsigned:{folder / names[1]}"]


_OFFICIAL = "https://updates.jenkins.io/"
_TUNA = "https://mirrors.tuna.tsinghua.edu.cn/jenkins/updates/"


def _relayed(desk: Desk) -> None:
    desk.wishes = replace(desk.wishes, sources=("official",), mirrors=("tuna",))


def test_a_mirror_that_lags_is_passed_over(desk: Desk) -> None:
    _relayed(desk)
    fresh, old = _center(git="2"), _center(SEEN - timedelta(hours=1), git="1")
    desk.pages[f"{_OFFICIAL}update-center.json?version=2.346.3"] = signed(fresh, ROOT)
    assert desk.read("2.346.3").current.offered(GIT) == "2"
    desk.pages[f"{_TUNA}update-center.json"] = signed(old, ROOT)
    found = desk.read("2.346.3")
    assert found.current.offered(GIT) == "2"
    assert [each.id for each in found.findings] == ["relay:mirrors.tuna.tsinghua.edu.cn"]


def test_a_mirror_without_tiers_offers_what_the_core_takes(desk: Desk) -> None:
    _relayed(desk)
    document = _center(ant="1")
    plugins = document["plugins"]
    assert isinstance(plugins, dict)
    plugins["git"] = _entry("3", requiredCore="2.400")
    desk.pages[f"{_TUNA}update-center.json"] = signed(document, ROOT)
    current = desk.read("2.346.3").current
    assert (current.offered(GIT), current.offered(ANT)) == (None, "1")
    assert desk.read("2.400").current.offered(GIT) == "3"


def test_offline_takes_the_newest_where_the_tier_was_gone(desk: Desk) -> None:
    desk.wishes = replace(desk.wishes, sources=("official",))
    desk.pages[f"{_OFFICIAL}current/update-center.json"] = signed(_center(git="2"), ROOT)
    assert desk.read("2.346.3").current.offered(GIT) == "2"
    desk.fake.documents.offline = True
    assert desk.read("2.346.3").current.offered(GIT) == "2"
