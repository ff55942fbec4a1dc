"""``jbuild bake`` looks at the tags before it does anything."""

from pathlib import Path

import pytest

from builder.cli.main import main
from tests.fakes.story import FILES, FORMULA


def test_two_formulas_with_one_tag_are_refused_before_any_lock_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    (tmp_path / "c.war").write_bytes(FILES["org.example:controller:3.3.2"])
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for path in paths:
        path.write_text(FORMULA.replace("source: {version: 3.3.2}", "source: {file: c.war}"))
    assert main(["bake", "--offline", *map(str, paths)]) == 2
    assert "both name their image example/sample:dev" in capsys.readouterr().err
    assert list(tmp_path.glob("*.lock.json")) == []
