"""Bad input: one clear error with its places, exit code 3, and nothing written."""

from pathlib import Path

import pytest

from builder.cli.main import main
from builder.formula import parse

_QUICKSTART = Path(__file__).parents[3] / "examples" / "quickstart" / "formula.yaml"


def _swap(before: str, after: str) -> str:
    text = _QUICKSTART.read_text()
    assert before in text
    return text.replace(before, after)


_CASES = {
    "not YAML": ("bundle: [\n", "formula.yaml:2:1"),
    "a tab": ("war:\n\tsource: 1\n", "found a tab"),
    "a duplicate key": (_swap("\nverify:", "\nwar: {}\nverify:"), '"war" a second time'),
    "an unknown key": (_swap("\nimage:", "\nimagge:"), 'did you mean the key "image"?'),
    "a plugin twice": (
        _swap("\nimage:", "\n  - git:9.9\n\nimage:"),
        "found git with 9.9, wanted one version of each",
    ),
    "a path that leaves the folder": (
        _swap("  layout: ref", "  files: [{from: ../x, to: /etc/x}]"),
        "image.files[0].from: found ../x",
    ),
    "a value not given": (_swap('default "dev" .version', ".version"), 'a value for "version"'),
    "a key that comes later": (_swap("\nverify:", "\npackaging: {}\nverify:"), "wanted not yet"),
}


@pytest.mark.parametrize("name", list(_CASES))
@pytest.mark.parametrize("command", ["image", "lock", "plan", "war", "resolve"])
def test_bad_input_is_told_with_its_place_and_leaves_nothing(
    name: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text, words = _CASES[name]
    folder = tmp_path / "formula"
    folder.mkdir()
    (folder / "formula.yaml").write_text(text)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    assert main([command]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert "formula.yaml:" in said.err
    assert "Traceback" not in said.err
    assert [each.name for each in tmp_path.rglob("*")] == ["formula", "formula.yaml"]


def test_the_quickstart_itself_is_read_without_a_problem() -> None:
    read = parse(_QUICKSTART.read_text(), file="formula.yaml", values={"version": "1"})
    assert read.image.tags == ("jbuild/quickstart:1",)
    assert len(read.plugins) == 8
