"""``jbuild audit`` and ``outdated``: a lock beside its formula against a catalogue signed here."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.cli.main import main
from builder.lock import to_bytes
from tests.fakes.audited import locked
from tests.fakes.samples import LOCK
from tests.fakes.signing import holder, rsa_key, signed

_FORMULA = """\
bundle: {groupId: org.example, artifactId: sample}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.319.1}}
plugins:
  - git:1
image: {base: {registry: 'jenkins/jenkins:2.319.3-jdk11'}}
catalogue: {sources: site.json, trust: root.pem}
"""
_ALLOW = "policy: {allow: [{id: SECURITY-7, until: 2099-01-01, why: no agents}]}\n"
_REFUSE = "policy: {warnings: refuse}\n"
_PLUGIN = {
    "name": "git",
    "version": "2",
    "requiredCore": "2.300",
    "url": "https://example.org/plugins/git/2/git.hpi",
    "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "dependencies": [],
}
_SITE: dict[str, object] = {
    "id": "example",
    "updateCenterVersion": "1",
    "plugins": {"git": _PLUGIN},
    "warnings": [
        {
            "id": "SECURITY-7",
            "type": "plugin",
            "name": "git",
            "message": "it leaks",
            "url": "https://example.org/7",
            "versions": [{"lastVersion": "1", "pattern": "1"}],
        }
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A formula with its lock and a catalogue whose root it trusts."""
    span = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    root = holder("root", rsa_key(), span=span)
    (tmp_path / "root.pem").write_bytes(root.pem)
    (tmp_path / "site.json").write_bytes(signed(_SITE, root))
    (tmp_path / "formula.yaml").write_text(_FORMULA)
    (tmp_path / "formula.lock.json").write_bytes(to_bytes(locked("git:1", core="2.319.1")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    return tmp_path


def _ids(text: str) -> list[str]:
    return [each["id"] for each in json.loads(text)["findings"]]


def test_an_audit_reports_and_ends_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    assert main(["audit", "--json"]) == 0
    said = capsys.readouterr()
    assert _ids(said.out) == ["SECURITY-7", "base-core"]
    assert json.loads(said.out)["passed"] is True
    assert "no longer fits its formula" in said.err  # the samples' lock is of another formula
    assert main(["audit"]) == 0
    assert "way out: raise git to 2\n" in capsys.readouterr().out


def test_a_strict_audit_says_no_after_its_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    assert main(["audit", "--strict", "--json", "-q"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["passed"] is False
    error = json.loads(said.err)["error"]
    assert error["kind"] == "AuditRefused"
    assert error["facts"]["refused"] == ["SECURITY-7 (git)", "base-core (base)"]


@pytest.mark.parametrize(("policy", "code"), [(_REFUSE, 1), (_ALLOW, 0)])
def test_the_formula_says_what_is_refused_and_what_is_allowed(
    folder: Path, policy: str, code: int
) -> None:
    (folder / "formula.yaml").write_text(_FORMULA + policy)
    assert main(["audit", "-q"]) == code


def test_a_stale_lock_is_refused_where_it_is_frozen(folder: Path) -> None:
    assert folder.is_dir()
    assert main(["audit", "--frozen"]) == 5
    assert main(["outdated", "--frozen"]) == 5


def test_what_is_newer_is_told_with_what_it_fixes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outdated", "-q"]) == 0
    assert capsys.readouterr().out == "git  1  -> 2  fixes SECURITY-7\n"
    assert main(["outdated", "-q", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["outdated"]
    assert (entry["subject"], entry["newest"], entry["fixes"]) == ("git", "2", ["SECURITY-7"])
    (folder / "formula.lock.json").write_bytes(to_bytes(locked("git:2", core="2.319.1")))
    assert main(["outdated", "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_a_difference_may_be_judged_by_the_catalogues(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "old.lock.json").write_bytes(to_bytes(locked("git:2", core="2.319.1")))
    assert main(["diff", "old.lock.json", "--audit", "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["judged"] is True
    (move,) = told["moves"]
    assert (move["subject"], move["severity"], move["brings"]) == ("git", "error", ["SECURITY-7"])


@pytest.mark.parametrize("command", ["audit", "outdated"])
def test_without_a_lock_there_is_nothing_to_look_at(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (folder / "formula.lock.json").unlink()
    assert main([command, "--json"]) == 5
    assert json.loads(capsys.readouterr().err)["error"]["kind"] == "LockMissing"


def test_a_catalogue_that_nobody_vouches_for_is_no_ground_for_an_audit(folder: Path) -> None:
    (folder / "site.json").write_text(json.dumps(_SITE))
    assert main(["audit", "-q"]) == 7


def test_of_hudson_no_catalogue_tells_and_none_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "formula.lock.json").write_bytes(to_bytes(LOCK))
    (folder / "site.json").unlink()
    assert main(["audit", "-q", "--json"]) == 1  # the base brings Java 11
    assert _ids(capsys.readouterr().out) == ["java", "unlisted:git", "trust:core", "trust:git"]
