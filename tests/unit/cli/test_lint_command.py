"""``jbuild lint`` as a command: what it tells, and how it ends."""

import json
from pathlib import Path

import pytest

from builder.cli.main import main
from builder.lock import to_bytes
from tests.fakes.audited import locked

_TOP = Path(__file__).parents[3]
_FORMULA = """\
bundle: {groupId: a, artifactId: b, version: "1"}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.319.1}}
plugins: [{groupId: a, artifactId: git, source: {version: "1"}}]
"""
_CASC = "unclassified:\n  kubesphereTokenAuthGlobalConfiguration: {enabled: true, server: a}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "formula.yaml").write_text(_FORMULA)
    (tmp_path / "casc").mkdir()
    (tmp_path / "casc/jenkins.yaml").write_text(_CASC)
    (tmp_path / "formula.lock.json").write_bytes(to_bytes(locked("git:1", core="2.319.1")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    return tmp_path


def test_a_key_without_its_plugin_says_no(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    assert main(["lint"]) == 1
    said = capsys.readouterr()
    assert "casc/jenkins.yaml:2: kubespheretokenauthglobalconfiguration" in said.out
    assert "error: the configuration has faults" in said.err


def test_an_allowance_covers_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    allowed = "policy: {allow: [{id: 'casc-key:kubesphere-token-auth', why: tried}]}\n"
    (folder / "formula.yaml").write_text(_FORMULA + allowed)
    assert main(["lint", "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["allowed"]["why"] == "tried"


def test_another_lock_can_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next_one = folder / "next.lock.json"
    next_one.write_bytes(to_bytes(locked("kubesphere-token-auth:1.7", core="2.319.1")))
    assert main(["lint", "--lock", str(next_one)]) == 0
    assert main(["lint", "--lock", "nowhere.json"]) != 0
    assert "nowhere.json" in capsys.readouterr().err


def test_strict_says_no_to_a_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "casc/jenkins.yaml").write_text("jenkins: {numExecutors: none}\n")
    assert main(["lint"]) == 0
    assert main(["lint", "--strict", "-q"]) == 1
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["formula.yaml", *(f"profiles/{each}/formula.yaml" for each in ("3.3", "3.4", "4.1"))]
)
def test_our_own_configuration_is_clean(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    assert main(["lint", str(_TOP / name), "--strict"]) == 0, capsys.readouterr().out
