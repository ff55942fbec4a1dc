"""A Jenkins formula: chosen by a signed catalogue, locked, and fetched from mirrors."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from builder import lock, pipeline
from builder.errors import (
    DemandsConflict,
    DigestMismatch,
    FormulaInvalid,
    OfflineMiss,
    ReleasesUnlisted,
    Unvouched,
)
from builder.model.digest import Digest
from builder.model.lock import Lock, PinKind
from builder.model.plugin import PluginId, Trust
from builder.sources import decide, locks, making, survey
from tests.fakes.documents import SEEN
from tests.fakes.jenkins import CORE, FILES, OTHER, ROOT, SITE, Site, plugin, war
from tests.fakes.story import ASKED, lock_of, read
from tests.fakes.world import FakeWorld, fake_world

FORMULA = f"""\
bundle: {{groupId: org.example, artifactId: sample}}
war: {{groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {{version: {CORE}}}}}
catalogue: {{sources: ['{SITE}'], mirrors: ['{FILES}', '{OTHER}'], trust: [root.pem]}}
plugins:
  - git
image:
  base: {{debian: sid, packages: [tini]}}
"""


@pytest.fixture
def site() -> Site:
    made = Site()
    made.add("scm-api:1")
    made.add("git:1", "scm-api:1")
    made.add("git:2", "scm-api:1")
    made.add("git:3", "scm-api:2", core="2.400")
    made.offered["git"] = "2"
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "formula.yaml").write_text(FORMULA)
    return tmp_path


def _world(folder: Path, site: Site, **web: bytes) -> FakeWorld:
    return fake_world(folder / "store", {}, web={**site.web(), **web}, offline=False)


def _locked(world: FakeWorld, folder: Path) -> Lock:
    asked = replace(ASKED, now=SEEN, folder=folder)
    path = folder / "formula.yaml"
    settled = pipeline.settle_lock(
        world.world, read(world.world, path), lock_of(path), asked, frozen=False
    )
    assert lock.from_bytes(lock_of(path).read_bytes(), lock_of(path)) == settled.lock
    return settled.lock


def _pins(locked: Lock) -> dict[str, tuple[str, str, str]]:
    return {e.plugin: (e.version, e.kind.value, e.trust.value) for e in locked.plugins}


def test_a_lock_says_what_vouches_for_every_digest(folder: Path, site: Site) -> None:
    locked = _locked(_world(folder, site), folder)
    assert _pins(locked) == {
        "git": ("2", "wish", "signed"),
        "scm-api": ("1", "required", "signed"),
    }
    assert (locked.core.trust, str(locked.core.origin)) == (
        Trust.SIGNED,
        f"war-stable/{CORE}/jenkins.war",
    )
    assert locks.vouched(locked) == "3 signed"
    (catalogue,) = locked.catalogues
    assert (catalogue.site, catalogue.trust) == ("default", Trust.SIGNED)


def test_a_pin_that_only_the_history_lists_is_signed_too(folder: Path, site: Site) -> None:
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git:1"))
    locked = _locked(_world(folder, site), folder)
    assert _pins(locked)["git"] == ("1", "wish", "signed")
    assert len(locked.catalogues) == 2


def test_the_history_is_not_opened_where_the_catalogue_will_do(folder: Path, site: Site) -> None:
    world = _world(folder, site)
    _locked(world, folder)
    assert [each for each in world.documents.asked if "plugin-versions" in each] == []


def test_what_left_the_core_is_told_by_the_very_war(folder: Path, site: Site) -> None:
    site.add("old:1", core="1.500")
    site.add("junit:1.5")
    site.war = war(split="junit 1.577 1.0\n")
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- old"))
    locked = _locked(_world(folder, site), folder)
    assert _pins(locked) == {
        "junit": ("1.5", "implied", "signed"),
        "old": ("1", "wish", "signed"),
    }
    assert locked.plugins[0].kind is PinKind.IMPLIED


def test_an_unlisted_pin_is_believed_by_another_hosts_digest(folder: Path, site: Site) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    path = "plugins/git/1.5/git.hpi"
    content = plugin("git", "1.5", "scm-api:1")
    digest = site.web()[f"{FILES}{path}"]
    assert digest == content
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git:1.5"))
    sidecar = {f"{OTHER}{path}.sha256": f"{_hex(content)}  git.hpi\n".encode()}
    locked = _locked(_world(folder, site, **sidecar), folder)
    assert _pins(locked)["git"] == ("1.5", "wish", "sidecar")
    assert locks.vouched(locked) == "2 signed, 1 sidecar"


def _hex(content: bytes) -> str:
    return Digest.of(content).hex


def test_a_digest_of_the_files_own_host_vouches_for_nothing(folder: Path, site: Site) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    path = "plugins/git/1.5/git.hpi"
    beside = {f"{FILES}{path}.sha256": _hex(plugin("git", "1.5", "scm-api:1")).encode()}
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git:1.5"))
    locked = _locked(_world(folder, site, **beside), folder)
    assert _pins(locked)["git"] == ("1.5", "wish", "first-use")


def test_what_was_believed_once_is_not_fetched_again(folder: Path, site: Site) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git:1.5"))
    _locked(_world(folder, site), folder)
    lock_of(folder / "formula.yaml").unlink()
    again = _world(folder, site)
    assert _pins(_locked(again, folder))["git"] == ("1.5", "wish", "first-use")
    assert again.downloads.asked == []


def test_pins_that_nobody_has_are_all_named_with_what_is_listed(folder: Path, site: Site) -> None:
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git:1.5\n  - scm-api:7"))
    with pytest.raises(ReleasesUnlisted) as caught:
        _locked(_world(folder, site), folder)
    assert caught.value.releases == ("git 1.5", "scm-api 7")
    assert caught.value.near == ("git: 1 and 2", "scm-api: 1")
    assert [each.line for each in caught.value.places] == [5, 6]


def test_a_policy_of_signatures_refuses_what_nobody_signed(folder: Path, site: Site) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    text = FORMULA.replace("- git", "- git:1.5") + "policy: {trust: signed}\n"
    (folder / "formula.yaml").write_text(text)
    with pytest.raises(Unvouched) as caught:
        _locked(_world(folder, site), folder)
    assert caught.value.pins == ("git 1.5 (first-use)",)
    assert not lock_of(folder / "formula.yaml").exists()


def test_a_war_that_no_catalogue_lists_is_believed_on_first_use(folder: Path, site: Site) -> None:
    site.lists_war = False
    assert _locked(_world(folder, site), folder).core.trust is Trust.FIRST_USE


def test_a_locked_war_must_stay_the_same_though_no_catalogue_lists_it(
    folder: Path, site: Site
) -> None:
    site.lists_war = False
    before = _locked(_world(folder, site), folder)
    (folder / "formula.yaml").write_text(FORMULA + "policy: {dependencies: lowest}\n")
    site.war = war(split="")
    after = _locked(_world(folder, site), folder)
    assert after.core == before.core


def test_a_locked_set_builds_a_war_and_fetches_each_file_once(folder: Path, site: Site) -> None:
    world = _world(folder, site)
    locked = _locked(world, folder)
    formula = read(world.world, folder / "formula.yaml")
    pipeline.make_war(world.world, formula, locked, folder / "out.war")
    assert len(world.downloads.asked) == len(set(world.downloads.asked)) == 3


def test_a_fresh_lock_needs_no_network_at_all(folder: Path, site: Site) -> None:
    _locked(_world(folder, site), folder)
    offline = fake_world(folder / "store", {}, web={}, offline=True)
    assert _locked(offline, folder).plugins


def test_without_a_cache_offline_says_what_is_missing(folder: Path) -> None:
    offline = fake_world(folder / "store", {}, web={}, offline=True)
    with pytest.raises(OfflineMiss):
        _locked(offline, folder)


def test_a_refusal_comes_with_changes_that_were_tried(folder: Path, site: Site) -> None:
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git:3"))
    with pytest.raises(DemandsConflict) as caught:
        _locked(_world(folder, site), folder)
    moves = [(m.remedy.value, m.after) for each in caught.value.changes for m in each.moves]
    assert moves == [("lower", "2"), ("drop", None)]


def test_resolving_needs_no_war(folder: Path, site: Site) -> None:
    world = _world(folder, site)
    formula = read(world.world, folder / "formula.yaml")
    asked = replace(ASKED, now=SEEN, folder=folder)
    known = survey.glance(world.world, formula, None, asked)
    answer = making.make_resolution(world.world, formula, known, None)
    assert [each.release.plugin for each in answer.choices] == ["git", "scm-api"]
    assert world.downloads.asked == []


def test_a_plugin_beside_the_formula_is_read_and_locked(folder: Path, site: Site) -> None:
    (folder / "ours.hpi").write_bytes(plugin("ours", "7", "scm-api:1"))
    own = "- {artifactId: ours, source: {file: ours.hpi}}"
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", own))
    world = _world(folder, site)
    locked = _locked(world, folder)
    assert _pins(locked)["ours"] == ("7", "wish", "first-use")
    assert _locked(world, folder) == locked


def test_a_plugin_at_a_url_is_read_and_its_address_stays_in_the_formula(
    folder: Path, site: Site
) -> None:
    own = "- 'ours::https://intranet.example/ours.hpi?key=secret'"
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", own))
    content = plugin("ours", "7", "scm-api:1")
    world = _world(folder, site, **{"https://intranet.example/ours.hpi?key=secret": content})
    locked = _locked(world, folder)
    assert _pins(locked)["ours"] == ("7", "wish", "first-use")
    assert b"intranet" not in lock_of(folder / "formula.yaml").read_bytes()
    formula = read(world.world, folder / "formula.yaml")
    pipeline.make_war(world.world, formula, locked, folder / "out.war")


def test_what_can_be_read_and_not_built_is_refused_before_anything_is_fetched(
    folder: Path, site: Site
) -> None:
    (folder / "formula.yaml").write_text(FORMULA + "casc: [{id: a, source: {git: b}}]\n")
    world = _world(folder, site)
    with pytest.raises(FormulaInvalid):
        _locked(world, folder)
    assert world.documents.asked == []


def _upgraded(world: FakeWorld, folder: Path, *plugins: str) -> dict[str, tuple[str, str, str]]:
    path = folder / "formula.yaml"
    formula = read(world.world, path)
    old = lock.from_bytes(lock_of(path).read_bytes(), lock_of(path))
    moving = tuple(PluginId(each) for each in plugins)
    asked = replace(ASKED, now=SEEN, folder=folder)
    return _pins(making.upgrade(world.world, formula, old, moving, asked).lock)


def test_an_upgrade_moves_what_is_named_and_nothing_else(folder: Path, site: Site) -> None:
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git\n  - ant"))
    site.add("ant:1")
    _locked(_world(folder, site), folder)
    site.add("git:2.1", "scm-api:1")
    site.add("ant:2")
    site.add("scm-api:1.1")
    world = _world(folder, site)
    assert _versions(_upgraded(world, folder, "git")) == "ant:1 git:2.1 scm-api:1"
    assert _versions(_upgraded(world, folder, "git", "ant", "scm-api")) == (
        "ant:2 git:2.1 scm-api:1.1"
    )


def test_an_upgrade_takes_along_what_the_newer_release_needs(folder: Path, site: Site) -> None:
    _locked(_world(folder, site), folder)
    site.add("scm-api:1.5")
    site.add("git:2.1", "scm-api:1.2")
    assert _versions(_upgraded(_world(folder, site), folder, "git")) == "git:2.1 scm-api:1.5"


def test_newer_releases_do_not_move_a_lock(folder: Path, site: Site) -> None:
    before = _locked(_world(folder, site), folder)
    site.add("git:2.1", "scm-api:1")
    (folder / "formula.yaml").write_text(FORMULA + "policy: {implied: skip}\n")
    assert _pins(_locked(_world(folder, site), folder)) == _pins(before)


def _versions(pins: dict[str, tuple[str, str, str]]) -> str:
    return " ".join(f"{plugin}:{version}" for plugin, (version, _, _) in sorted(pins.items()))


def test_an_experimental_wish_asks_the_experimental_site(folder: Path, site: Site) -> None:
    official = "https://updates.jenkins.io/"
    early = Site()
    early.add("git:4-beta1", "scm-api:1")
    text = FORMULA.replace(f"'{SITE}'", "official").replace("- git", "- git:experimental")
    (folder / "formula.yaml").write_text(text)
    web = site.web()
    pages = {
        f"{official}update-center.json?version={CORE}": web[
            f"{SITE}update-center.json?version={CORE}"
        ],
        f"{official}experimental/update-center.json": early.web()[
            f"{SITE}update-center.json?version={CORE}"
        ],
        f"{FILES}plugins/git/4-beta1/git.hpi": plugin("git", "4-beta1", "scm-api:1"),
    }
    locked = _locked(_world(folder, site, **pages), folder)
    assert _versions(_pins(locked)) == "git:4-beta1 scm-api:1"


def test_a_build_between_releases_comes_from_its_own_repository(folder: Path, site: Site) -> None:
    own = "- 'git:incrementals;org.example;2.1-rc7.abc'"
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", own))
    content = plugin("git", "2.1-rc7.abc", "scm-api:1")
    world = fake_world(folder / "store", {"org.example:git:2.1-rc7.abc": content}, web=site.web())
    locked = _locked(world, folder)
    assert _pins(locked)["git"] == ("2.1-rc7.abc", "wish", "first-use")
    formula = read(world.world, folder / "formula.yaml")
    assert [each.id for each in formula.maven] == ["incrementals"]


def test_the_lowest_that_would_do_is_looked_for_in_the_history(folder: Path, site: Site) -> None:
    site.add("scm-api:2")
    (folder / "formula.yaml").write_text(FORMULA + "policy: {dependencies: lowest}\n")
    assert _versions(_pins(_locked(_world(folder, site), folder))) == "git:2 scm-api:1"


def test_a_release_whose_digest_no_index_tells_is_seen_first(folder: Path, site: Site) -> None:
    site.without_digest = "scm-api:1"
    locked = _locked(_world(folder, site), folder)
    assert _pins(locked)["scm-api"] == ("1", "required", "first-use")
    assert _pins(locked)["git"] == ("2", "wish", "signed")


def _pinned(folder: Path, text: str, *, mirrors: str = f"'{FILES}', '{OTHER}'") -> None:
    formula = FORMULA.replace("- git", f"- {text}").replace(f"'{FILES}', '{OTHER}'", mirrors)
    (folder / "formula.yaml").write_text(formula)


def test_what_was_believed_of_one_site_is_not_believed_of_another(folder: Path, site: Site) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    path = "plugins/git/1.5/git.hpi"
    theirs = plugin("git", "1.5")
    world = _world(folder, site, **{f"{OTHER}{path}": theirs})
    _pinned(folder, "git:1.5", mirrors=f"'{OTHER}'")
    web = {f"{OTHER}war-stable/{CORE}/jenkins.war": site.war}
    world = _world(folder, site, **{f"{OTHER}{path}": theirs, **web})
    assert list(_pins(_locked(world, folder))) == ["git"]
    lock_of(folder / "formula.yaml").unlink()
    _pinned(folder, "git:1.5", mirrors=f"'{FILES}'")
    assert list(_pins(_locked(world, folder))) == ["git", "scm-api"]


def test_what_is_no_plugin_is_not_remembered_and_the_next_mirror_is_asked(
    folder: Path, site: Site
) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    path = "plugins/git/1.5/git.hpi"
    _pinned(folder, "git:1.5")
    page = b"<html>back soon</html>"
    broken = _world(folder, site, **{f"{FILES}{path}": page})
    with pytest.raises(ReleasesUnlisted) as caught:
        _locked(broken, folder)
    assert any("what came is not it" in each for each in caught.value.said)
    other = {f"{FILES}{path}": page, f"{OTHER}{path}": plugin("git", "1.5", "scm-api:1")}
    assert _pins(_locked(_world(folder, site, **other), folder))["git"][0] == "1.5"


def test_two_roots_of_one_host_do_not_vouch_for_each_other(folder: Path, site: Site) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    path = "plugins/git/1.5/git.hpi"
    _pinned(folder, "git:1.5", mirrors=f"'{FILES}', '{FILES}copy/'")
    beside = {f"{FILES}copy/{path}.sha256": _hex(plugin("git", "1.5", "scm-api:1")).encode()}
    assert _pins(_locked(_world(folder, site, **beside), folder))["git"][2] == "first-use"


def test_a_catalogue_that_lists_a_locked_release_later_vouches_for_it(
    folder: Path, site: Site
) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    _pinned(folder, "git:1.5")
    assert _pins(_locked(_world(folder, site), folder))["git"][2] == "first-use"
    site.add("git:1.5", "scm-api:1")
    (folder / "formula.yaml").write_text(
        (folder / "formula.yaml").read_text() + "policy: {implied: skip}\n"
    )
    assert _pins(_locked(_world(folder, site), folder))["git"][2] == "signed"


def test_a_catalogue_that_lists_other_bytes_than_are_locked_is_an_alarm(
    folder: Path, site: Site
) -> None:
    site.add("git:1.5", "scm-api:1", listed=False)
    _pinned(folder, "git:1.5")
    _locked(_world(folder, site), folder)
    site.add("git:1.5", "scm-api:0.9")
    (folder / "formula.yaml").write_text(
        (folder / "formula.yaml").read_text() + "policy: {implied: skip}\n"
    )
    with pytest.raises(DigestMismatch):
        _locked(_world(folder, site), folder)


def test_an_upgrade_never_goes_down_under_a_policy_of_the_lowest(folder: Path, site: Site) -> None:
    (folder / "formula.yaml").write_text(FORMULA.replace("- git", "- git\n  - 'scm-api:>=1.5'"))
    site.add("scm-api:2")
    _locked(_world(folder, site), folder)
    (folder / "formula.yaml").write_text(FORMULA + "policy: {dependencies: lowest}\n")
    world = _world(folder, site)
    assert _versions(_pins(_locked(world, folder))) == "git:2 scm-api:2"
    assert _versions(_upgraded(world, folder, "scm-api")) == "git:2 scm-api:2"


def test_a_lock_tells_what_was_found_on_the_catalogues(folder: Path, site: Site) -> None:
    path = folder / "formula.yaml"
    world = _world(folder, site)
    asked = replace(ASKED, now=SEEN, folder=folder)
    world.documents.pages.pop(f"{SITE}update-center.json?version={CORE}")
    official = "https://updates.jenkins.io/current/update-center.json"
    world.documents.pages[official] = site.web()[f"{SITE}update-center.json?version={CORE}"]
    path.write_text(FORMULA.replace(f"'{SITE}'", "official"))
    settled = decide.decide(
        world.world, read(world.world, path), lock_of(path), asked, frozen=False
    )
    assert [each.id for each in settled.findings] == ["tier:official"]


def test_a_private_index_beside_the_official_one_serves_its_own_files(
    folder: Path, site: Site
) -> None:
    text = FORMULA.replace(
        f"sources: ['{SITE}'], mirrors: ['{FILES}', '{OTHER}']", f"sources: [official, '{SITE}']"
    )
    (folder / "formula.yaml").write_text(text)
    official = "https://updates.jenkins.io/current/update-center.json"
    public = Site()
    public.add("ant:1")
    public.lists_war = False
    page = public.web()[f"{SITE}update-center.json?version={CORE}"]
    world = _world(folder, site, **{official: page})
    locked = _locked(world, folder)
    formula = read(world.world, folder / "formula.yaml")
    pipeline.make_war(world.world, formula, locked, folder / "out.war")
    assert _versions(_pins(locked)) == "git:2 scm-api:1"


def test_a_url_that_moves_is_another_file_and_one_that_changes_is_an_alarm(
    folder: Path, site: Site
) -> None:
    path = folder / "formula.yaml"
    one, two = "https://i.example/one.hpi", "https://i.example/two.hpi"
    path.write_text(FORMULA.replace("- git", f"- 'ours::{one}'"))
    pages = {one: plugin("ours", "7"), two: plugin("ours", "7", "scm-api:1")}
    before = _locked(_world(folder, site, **pages), folder)
    path.write_text(FORMULA.replace("- git", f"- 'ours::{two}'"))
    after = _locked(_world(folder, site, **pages), folder)
    assert before.plugins[0].digest != after.plugins[0].digest
    offline = fake_world(folder / "store", {}, web=site.web(), offline=True)
    asked = replace(ASKED, now=SEEN, folder=folder)
    known = survey.glance(offline.world, read(offline.world, path), None, asked)
    answer = making.make_resolution(offline.world, read(offline.world, path), known, None)
    assert [each.release.plugin for each in answer.choices] == ["ours", "scm-api"]


def test_a_release_that_no_mirror_has_is_asked_for_once_at_each(folder: Path, site: Site) -> None:
    _pinned(folder, "git:1.5")
    world = _world(folder, site)
    with pytest.raises(ReleasesUnlisted):
        _locked(world, folder)
    asked = [each for each in world.downloads.asked if "git/1.5" in each]
    assert asked == [f"{root}plugins/git/1.5/git.hpi" for root in (FILES, OTHER)]
