"""``jbuild plugins`` in a world of fakes: what is chosen beside what lies there and in the WAR."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from builder.adapters.plugin_folder import DiskPluginFolders
from builder.cli import plugins
from builder.cli.plugins_order import Order
from builder.errors import DemandsConflict, NotAController, SettingsError
from tests.fakes.jenkins import CORE, FILES, ROOT, SITE, Site, plugin
from tests.fakes.plugins import archive, controller, manifest
from tests.fakes.signing import signed
from tests.fakes.world import fake_world

_LAB = "https://lab.example/"


@dataclass
class Case:
    """One folder and one update site."""

    root: Path
    site: Site = field(default_factory=Site)
    environment: Mapping[str, str] = field(default_factory=dict)
    more: dict[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.root / "plugins"

    def run(self, *words: str) -> None:
        """Run the command as far as it lies within the process."""
        given = ("-d", str(self.folder), "--trust", str(self.root / "root.pem"), *words)
        center = ("--jenkins-update-center", SITE, "--jenkins-version", CORE)
        info = ("--jenkins-plugin-info", f"{SITE}current/plugin-versions.json")
        context = plugins.plugins.make_context("plugins", [*center, *info, *given])
        world = fake_world(self.root / "store", {}, web={**self.site.web(), **self.more}).world
        plugins.run(world, DiskPluginFolders(), Order.of(context.params, self.environment))

    def lying(self) -> dict[str, str]:
        """Tell the version in every file of the folder."""
        return {each.name: _version(each) for each in sorted(self.folder.iterdir())}

    def place(self, name: str, content: bytes) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(content)

    def war(self, **inside: bytes) -> str:
        """Make a WAR with plugins inside; give its path."""
        library = archive({"jenkins/split-plugins.txt": b"mailer 1.577 1.0\n"})
        entries = {name.replace("__", "/") + ".hpi": content for name, content in inside.items()}
        path = self.root / "jenkins.war"
        path.write_bytes(
            archive(
                {
                    "META-INF/MANIFEST.MF": manifest({"Jenkins-Version": CORE}),
                    f"WEB-INF/lib/jenkins-core-{CORE}.jar": library,
                    **{f"WEB-INF/{name}": content for name, content in entries.items()},
                }
            )
        )
        return str(path)


def _version(path: Path) -> str:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as opened:
        text = opened.read("META-INF/MANIFEST.MF").decode()
    return text.partition("Plugin-Version: ")[2].partition("\r")[0]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    made = Case(tmp_path)
    for release, needs in (("scm:1", ""), ("scm:2", ""), ("scm:3", ""), ("git:1", "scm:1")):
        made.site.add(release, needs)
    made.site.add("git:2", "scm:2")
    made.site.add("mailer:1")
    return made


def test_dependencies_are_as_new_as_loads_or_as_old_as_is_asked_for(case: Case) -> None:
    case.run("-p", "git:2")
    assert case.lying() == {"git.jpi": "2", "scm.jpi": "3"}
    case.run("-p", "git:2", "--clean-download-directory", "--latest", "false")
    assert case.lying() == {"git.jpi": "2", "scm.jpi": "2"}


def test_only_what_open_entries_need_is_raised_where_that_is_asked_for(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    case.site.add("api:1")
    case.site.add("api:2")
    case.site.add("maven:1", "api:1")
    case.run("-p", "git", "maven:1", "--latest-specified", "--json")
    assert case.lying() == {"api.jpi": "1", "git.jpi": "2", "maven.jpi": "1", "scm.jpi": "3"}
    told = {e["id"]: e["kind"] for e in json.loads(capsys.readouterr().out)["plugins"]}
    assert told == {"api": "required", "git": "wish", "maven": "wish", "scm": "required"}


def test_latest_is_the_newest_that_loads(case: Case) -> None:
    case.site.add("git:3", "scm:2", core="2.400")
    case.run("-p", "git:latest")
    assert case.lying() == {"git.jpi": "2", "scm.jpi": "3"}


def test_what_lies_there_stays_although_newer_ones_are_known(case: Case) -> None:
    case.run("-p", "git:1", "--latest", "false")
    case.run("-p", "mailer")
    assert case.lying() == {"git.jpi": "1", "mailer.jpi": "1", "scm.jpi": "1"}
    case.run("-p", "git")
    assert case.lying() == {
        "git.bak": "1",
        "git.jpi": "2",
        "mailer.jpi": "1",
        "scm.bak": "1",
        "scm.jpi": "3",
    }


def test_what_lies_there_gets_what_it_lacks(case: Case) -> None:
    case.place("own-7.jpi", plugin("own", "7", "scm:2"))
    case.run("-p", "mailer")
    assert case.lying() == {"mailer.jpi": "1", "own-7.jpi": "7", "scm.jpi": "3"}


def test_of_two_files_of_one_plugin_the_one_counts_that_a_controller_takes(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    case.place("scm-2.hpi", plugin("scm", "2"))
    case.place("scm.jpi", plugin("scm", "1"))
    case.place("torn.jpi", b"half of an archive")
    case.run("-p", "git:1", "-l", "-o", "txt")
    said = capsys.readouterr()
    assert said.out == "git:1\nscm:1\n"
    assert "Installed plugins:\nscm 1\n" in said.err
    assert "note: torn.jpi: " in said.err


def test_what_lies_there_and_does_not_load_is_a_refusal(case: Case) -> None:
    case.place("scm.jpi", plugin("scm", "9", core="2.400"))
    with pytest.raises(DemandsConflict):
        case.run("-p", "mailer")
    assert case.lying() == {"scm.jpi": "9"}
    case.run("-p", "mailer", "scm")
    assert case.lying() == {"mailer.jpi": "1", "scm.bak": "9", "scm.jpi": "3"}


def test_a_wish_may_take_a_plugin_down(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.run("-p", "git:2")
    capsys.readouterr()
    case.run("-p", "git:1")
    assert capsys.readouterr().out == "git  lowered  2 -> 1\n"
    assert case.lying()["git.jpi"] == "1"


def test_other_bytes_of_the_same_version_are_replaced(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    case.run("-p", "scm")
    capsys.readouterr()
    for wish in ("scm", "scm:3"):
        case.place("scm.jpi", plugin("scm", "3", core="2.301"))
        case.run("-p", wish)
        assert capsys.readouterr().out == "scm  new bytes  3 -> 3\n"


def test_a_plugin_that_only_lies_there_may_be_named(case: Case) -> None:
    case.place("own.jpi", plugin("own", "7", "scm:2"))
    case.run("-p", "own:7")
    assert case.lying() == {"own.jpi": "7", "scm.jpi": "3"}


def test_a_set_that_does_not_load_is_refused(case: Case) -> None:
    case.run("-p", "scm:1")
    before = case.lying()
    with pytest.raises(DemandsConflict):
        case.run("-p", "git:2", "scm:1")
    assert case.lying() == before


def test_what_the_war_places_itself_is_not_placed_again(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    war = case.war(plugins__scm=plugin("scm", "2"))
    case.run("-p", "git:1", "-w", war)
    assert case.lying() == {"git.jpi": "1"}
    case.run("-p", "git:1", "scm:3", "-w", war)
    assert case.lying() == {"git.jpi": "1", "scm.jpi": "3"}
    said = capsys.readouterr().err
    assert "note: scm 3 is chosen, and the WAR puts its own 2 back at a start\n" in said
    case.run("-p", "scm:2", "-w", war, "--clean-download-directory")
    assert case.lying() == {}


def test_detached_plugins_are_told_and_placed_all_the_same(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    war = case.war(**{"detached-plugins__scm": plugin("scm", "2")})
    case.run("-p", "git:1", "-w", war, "-l", "--latest", "false")
    assert case.lying() == {"git.jpi": "1", "scm.jpi": "1"}
    assert "Bundled plugins:\nscm 2\n" in capsys.readouterr().err


def test_implied_plugins_come_from_the_table_of_the_war_at_hand(case: Case) -> None:
    case.site.add("old:1", core="1.500")
    case.run("-p", "old", "-w", case.war())
    assert case.lying() == {"mailer.jpi": "1", "old.jpi": "1"}


def test_the_war_of_another_controller_is_refused(case: Case) -> None:
    (case.root / "hudson.war").write_bytes(controller())
    with pytest.raises(NotAController):
        case.run("-p", "git", "-w", str(case.root / "hudson.war"))


def test_an_incremental_build_comes_from_its_repository_over_http(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    case.more[f"{_LAB}inc/org/ex/git/9-rc1.a/git-9-rc1.a.hpi"] = plugin("git", "9-rc1.a", "scm:1")
    words = ("-p", "git:incrementals;org.ex;9-rc1.a", "--latest", "false")
    case.run(*words, "--jenkins-incrementals-repo-mirror", f"{_LAB}inc", "-l", "-o", "txt")
    assert case.lying() == {"git.jpi": "9-rc1.a", "scm.jpi": "1"}
    said = capsys.readouterr()
    assert said.out == "git:incrementals;org.ex;9-rc1.a\nscm:1\n"
    assert "note: no signed catalogue tells the digest of git 9-rc1.a\n" in said.err


def test_a_file_at_a_url_is_the_plugin_that_it_says_it_is(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    case.more[f"{_LAB}git.hpi"] = plugin("git", "5-private", "scm:2")
    case.run("-p", f"git::{_LAB}git.hpi", "-l", "-o", "yaml")
    assert case.lying() == {"git.jpi": "5-private", "scm.jpi": "3"}
    assert capsys.readouterr().out == (
        'plugins:\n- artifactId: "git"\n  source:\n    version: "5-private"\n'
        f'    url: "{_LAB}git.hpi"\n- artifactId: "scm"\n  source:\n    version: "3"\n'
    )


def test_only_entries_that_say_so_are_experimental(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = Site()
    lab.add("git:3-beta1", "scm:1")
    lab.add("scm:4-beta1")
    center = lab.web()[f"{SITE}update-center.json?version={CORE}"]
    case.more = {
        f"{_LAB}update-center.json?version={CORE}": center,
        **{
            f"{FILES}plugins/{name}/{version}/{name}.hpi": plugin(name, version, needs)
            for name, version, needs in (("git", "3-beta1", "scm:1"), ("scm", "4-beta1", ""))
        },
    }
    with pytest.raises(SettingsError):
        case.run("-p", "git:experimental")
    case.run("-p", "git:experimental", "--jenkins-experimental-update-center", _LAB)
    assert case.lying() == {"git.jpi": "3-beta1", "scm.jpi": "3"}
    assert "no signed catalogue" not in capsys.readouterr().err


def test_a_weakness_is_told_unless_nobody_wants_to_hear(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    weak = {
        "id": "SECURITY-1",
        "type": "plugin",
        "name": "git",
        "message": "it leaks",
        "url": "https://example.org/1",
        "versions": [{"pattern": "1"}],
    }
    url = f"{SITE}update-center.json?version={CORE}"
    found = json.loads(case.site.web()[url])
    del found["signature"]
    case.more[url] = signed({**found, "warnings": [weak]}, ROOT)
    case.run("-p", "git:1", "--no-download")
    said = capsys.readouterr().err
    assert "SECURITY-1  git 1: it leaks" in said
    assert "way out: raise git to 2" in said
    case.run("-p", "git:1", "--no-download", "--hide-security-warnings")
    assert "SECURITY-1" not in capsys.readouterr().err
    case.run("-p", "git:2", "--no-download", "--view-all-security-warnings")
    assert "git - it leaks\n" in capsys.readouterr().err


def test_a_release_whose_digest_no_index_tells_is_fetched_and_remembered(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"{SITE}update-center.json?version={CORE}"
    found = json.loads(case.site.web()[url])
    del found["signature"], found["plugins"]["mailer"]["sha256"]
    case.more[url] = signed(found, ROOT)
    case.run("-p", "mailer")
    assert case.lying() == {"mailer.jpi": "1"}
    assert "no signed catalogue tells the digest of mailer 1" in capsys.readouterr().err
