"""``jbuild resolve`` from the command line: its document, its refusals, what it will not take."""

import json
from pathlib import Path

import pytest

from builder.cli.main import main
from tests.fakes.jenkins import CORE, ROOT, SITE, Site

_FORMULA = f"""\
bundle: {{groupId: org.example, artifactId: sample}}
war: {{groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {{version: {CORE}}}}}
plugins: [git]
buildSettings: {{docker: {{base: 'jenkins/jenkins:2.346.1'}}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = Site()
    site.add("structs:1")
    site.add("scm-api:2", "structs:1")
    site.add("git:5", "scm-api:2")
    site.add("old:1", "gone:1")
    web = site.web()
    (tmp_path / "site.json").write_bytes(web[f"{SITE}update-center.json?version={CORE}"])
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "plugins.txt").write_text("git\nstructs:1\n")
    (tmp_path / "formula.yaml").write_text(_FORMULA)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    return tmp_path


_SITE = ("--catalogue", "site.json", "--trust", "root.pem")


def _document(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


@pytest.mark.usefixtures("folder")
def test_the_document_keeps_its_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--plugins", "plugins.txt", *_SITE, "--json"]) == 0
    document = _document(capsys)
    assert document.keys() == {"schema", "core", "plugins", "findings"}
    assert (document["schema"], document["core"]) == (1, {"version": CORE})
    plugins = document["plugins"]
    assert isinstance(plugins, list)
    assert [(e["id"], e["version"], e["kind"], e["required_by"]) for e in plugins] == [
        ("git", "5", "wish", []),
        ("scm-api", "2", "required", ["git"]),
        ("structs", "1", "wish", ["scm-api"]),
    ]
    assert plugins[0].keys() == {
        *("id", "version", "kind", "required_by", "required_core"),
        *("sha256", "size", "trust", "source", "why"),
    }
    assert (plugins[0]["trust"], plugins[0]["required_core"]) == ("signed", "2.300")


@pytest.mark.usefixtures("folder")
def test_a_base_made_for_another_core_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", *_SITE, "--json"]) == 0
    findings = _document(capsys)["findings"]
    assert isinstance(findings, list)
    assert "base-core" in [each["id"] for each in findings]


def test_resolving_writes_nothing_beside_the_formula(folder: Path) -> None:
    before = sorted(each.name for each in folder.iterdir())
    assert main(["resolve", *_SITE]) == 0
    assert sorted(each.name for each in folder.iterdir()) == [*before, "store"]


@pytest.mark.usefixtures("folder")
def test_a_refusal_is_a_document_with_its_demands(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["resolve", "--plugin", "git", "--core", "2.100", *_SITE, "--json"]
    assert main(arguments) == 4
    said = capsys.readouterr()
    assert said.out == ""
    error = json.loads(said.err[said.err.index("{") :])["error"]
    assert (error["code"], error["kind"]) == (4, "DemandsConflict")
    assert [each["plugin"] for each in error["facts"]["demands"]] == ["git", None]
    moves = [[m["remedy"] for m in each["moves"]] for each in error["facts"]["changes"]]
    assert ["raise core"] in moves


@pytest.mark.usefixtures("folder")
def test_what_is_published_nowhere_is_named_with_the_way_to_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["resolve", "--plugin", "old", *_SITE]) == 4
    said = capsys.readouterr().err
    assert "nothing says where the plugin gone is published" in said
    assert "old -> gone" in said


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["formula.yaml", "--plugin", "git"], 2, "choose one"),
        (["--plugin", "git", "--core", "new"], 2, "'new' is no version of a core"),
        (["--plugin", ""], 2, "--plugin names no plugin"),
        (["--plugins", "none.txt"], 3, "'none.txt' cannot be read: there is no such file"),
        (["--plugin", "git", "--plugin", "git:4"], 3, "--plugin:2:1: found git"),
        (["--plugins", "plugins.txt", "--plugin", "structs:2"], 3, "found structs"),
        (["--plugin", "git", "--catalogue", "none.json"], 3, "'none.json' cannot be read"),
        (["--plugin", "git", "--catalogue", "plugins.txt"], 6, "plugins.txt is no catalogue"),
        (["--plugin", "git", "--catalogue", "site.json"], 7, "unknown signer"),
        (["--plugin", "git:9", "--offline", *_SITE], 6, "no catalogue lists git 9"),
        (["--frozen", *_SITE], 5, "there is no lock"),
    ],
)
def test_bad_input_gets_its_code_and_says_where(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", *arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err
