"""``jbuild init`` and ``jbuild import``: a formula where there was none."""

from pathlib import Path

import pytest

from builder.cli.main import main

_TOP = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    return tmp_path


def test_a_preset_is_what_this_repository_builds(folder: Path) -> None:
    assert main(["init", "a", "--preset", "quickstart"]) == 0
    assert main(["init", "b", "--preset", "ks-jenkins"]) == 0
    for name in ("formula.yaml", "init.groovy.d/10-message.groovy"):
        assert (folder / "a" / name).read_text() == (
            _TOP / "examples/quickstart" / name
        ).read_text()
    for name in ("formula.yaml", "casc/jenkins.yaml", "init.groovy.d/initUsers.groovy"):
        assert (folder / "b" / name).read_text() == (_TOP / name).read_text()
    assert main(["lint", "b/formula.yaml"]) == 0


@pytest.mark.parametrize(("core", "java"), [("2.346.3", 11), ("2.426.3", 17), ("2.555.1", 21)])
def test_a_minimal_one_has_the_java_of_its_core(folder: Path, core: str, java: int) -> None:
    assert main(["init", "My CI", "--preset", "minimal", "--core", core]) == 0
    text = (folder / "My CI" / "formula.yaml").read_text()
    assert f"jenkins/jenkins:{core}-jdk{java}" in text
    assert "tags: ['my-ci:" in text
    assert main(["lint", "My CI/formula.yaml"]) == 0


def test_what_is_there_is_never_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "formula.yaml").write_text("mine\n")
    (folder / "plugins.txt").write_text("git\n")
    assert main(["init", "--preset", "quickstart"]) == 3
    assert main(["import", "plugins.txt", "--core", "2.426.3"]) == 3
    assert "it is there already" in capsys.readouterr().err
    assert (folder / "formula.yaml").read_text() == "mine\n"
    assert not (folder / "init.groovy.d").exists()


def test_without_a_terminal_nobody_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 2
    assert "name a --preset" in capsys.readouterr().err


def test_a_list_becomes_a_formula(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plugins.txt").write_text("git:5.2.2\nnone!:1\n")
    assert main(["import", "plugins.txt"]) == 2
    assert "names no core" in capsys.readouterr().err
    assert main(["import", "plugins.txt", "--core", "2.426.3", "--output", "new.yaml"]) == 0
    assert "plugins.txt:2" in capsys.readouterr().err
    assert "  - git:5.2.2\n" in (folder / "new.yaml").read_text()


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "nowhere.txt", "--core", "2.426.3"]) == 3
    assert "nowhere.txt" in capsys.readouterr().err
