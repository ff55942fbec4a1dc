"""``--report``: refused before any work where it cannot be written."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli.main import jbuild


@pytest.mark.parametrize("command", ["image", "verify"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("report.xml", "none of json=FILE, junit=FILE, html=FILE"),
        ("xml=report.xml", "none of json=FILE"),
        ("junit=", "none of json=FILE"),
        ("junit=.", "it is a folder"),
        ("html=there/report.html", "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_refused(
    command: str, given: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("")
    done = CliRunner().invoke(jbuild, [command, "x", "--report", given])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split()).replace("│ ", "")
