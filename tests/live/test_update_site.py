"""The whole command line against real servers: an update site with one good mirror of three."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.conftest import Run, jbuild
from tests.support.faults import Fault
from tests.support.mirror import Mirror
from tests.support.site import CORE, Site

pytestmark = [pytest.mark.network, pytest.mark.slow]  # the base is made of Debian packages


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(sizes=(3_000_000, 400_000, 20_000, 5_000, 5_000, 1_000))


@pytest.fixture
def mirrors(site: Site) -> Iterator[tuple[Mirror, ...]]:
    pages = {**site.files, "updates/update-center.json": site.catalogue}
    good, dropping, missing = (Mirror(files=pages, name=each) for each in ("a", "b", "c"))
    dropping.fault(Fault.DROP, "plugins/*")
    missing.fault(Fault.NOT_FOUND, "plugins/*")
    with good.running(), dropping.running(), missing.running():
        yield good, dropping, missing


@pytest.fixture
def formula(site: Site, mirrors: tuple[Mirror, ...], tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(site.root)
    roots = ", ".join(f"'{each.url}'" for each in mirrors)
    path = tmp_path / "formula.yaml"
    path.write_text(
        f"""\
bundle: {{groupId: org.example, artifactId: sample}}
war: {{groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {{version: {CORE}}}}}
catalogue:
  sources: ['{mirrors[0].url}updates/update-center.json']
  mirrors: [{roots}]
  trust: [root.pem]
plugins: [plugin-004]
image: {{base: {{debian: sid, packages: [openjdk-11-jre-headless]}}}}
"""
    )
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One store for all: the base takes a while to make."""
    return str(tmp_path_factory.mktemp("store"))


class Desk:
    """The command line in the formula's folder."""

    def __init__(self, formula: Path, store: str) -> None:
        self.formula = formula
        self._store = store

    def __call__(self, *arguments: str) -> Run:
        """Run a command."""
        return jbuild(*arguments, folder=self.formula.parent, JBUILD_STORE=self._store, CI="1")


@pytest.fixture
def desk(formula: Path, store: str) -> Desk:
    return Desk(formula, store)


def test_a_formula_is_locked_and_assembled_from_mirrors_that_do_wrong(
    desk: Desk, site: Site
) -> None:
    locked = desk("lock")
    assert locked.code == 0, locked.stderr
    lock = json.loads(desk.formula.with_name("formula.lock.json").read_bytes())
    assert [each["id"] for each in lock["plugins"]] == list(site.names[:5])
    assert {each["trust"] for each in lock["plugins"]} == {"signed"}
    assert lock["catalogues"][0]["timestamp"] == "2026-08-22T00:00:00+00:00"
    packed = desk("war", "--frozen", "--output", "out.war")
    assert packed.code == 0, packed.stderr
    again = desk("war", "--frozen", "--offline", "--output", "again.war")
    assert again.code == 0, again.stderr
    assert packed.stdout.split()[1] == again.stdout.split()[1]


def test_every_question_about_a_lock_has_an_answer(desk: Desk) -> None:
    assert desk("lock").code == 0
    why = desk("why", "plugin-000")
    assert "plugin-004" in why.stdout
    audit = desk("audit", "--json")
    assert audit.code == 0, audit.stderr
    assert desk("outdated").stdout == ""
    upgraded = desk("upgrade", "--json")
    assert json.loads(upgraded.stdout)["moves"] == []
    assert desk("lock", "--check").code == 0


def test_a_catalogue_that_nobody_trusted_signed_is_refused(desk: Desk) -> None:
    desk.formula.write_text(desk.formula.read_text().replace("  trust: [root.pem]\n", ""))
    refused = desk("resolve", "--json")
    assert refused.code == 7
    error = json.loads(refused.stderr[refused.stderr.index("{") :])
    assert error["error"]["facts"]["distrust"] == "unknown signer"
