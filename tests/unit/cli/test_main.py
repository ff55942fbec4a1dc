"""The command line as a process: help, usage, streams, exit codes."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from builder.cli import endings
from builder.cli.main import jbuild, main


def _examples() -> Iterator[str]:
    context = click.Context(jbuild)
    for name in jbuild.list_commands(context):
        command = jbuild.get_command(context, name)
        assert command is not None
        lines = [line.strip() for line in (command.help or "").splitlines()]
        found = [line for line in lines if "jbuild " in line and not line.endswith(".")]
        assert len(found) >= 2, f"{name} shows too few examples"
        yield from found


@pytest.mark.parametrize("example", tuple(_examples()))
def test_every_example_of_the_help_is_a_command_line(example: str) -> None:
    words = shlex.split(example)
    arguments = words[words.index("jbuild") + 1 :]
    context = click.Context(jbuild)
    name, command, rest = jbuild.resolve_command(context, arguments)
    assert command is not None
    assert command.make_context(name, rest).info_name == name


def test_the_examples_of_the_help_stand_on_lines_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lock", "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("  Examples:")
    assert lines[at + 1 : at + 3] == ["    jbuild lock", "    jbuild lock formula.yaml --check"]


def test_a_reader_that_has_gone_is_no_answer_no() -> None:
    script = "import sys\nfrom builder.cli.main import main\nsys.exit(main(['settings']))"
    done = subprocess.run(  # noqa: S602  # our own words, and the shell's own pipe
        f"{shlex.quote(sys.executable)} -c {shlex.quote(script)} 2>&1 >&3 3>&- | cat; "
        'test "${PIPESTATUS[0]}" = 141',
        shell=True,
        executable="/bin/bash",
        preexec_fn=_closed_pipe_at_3,  # no thread runs here
        close_fds=False,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "")


def _closed_pipe_at_3() -> None:
    """Give the child a pipe that nobody reads, as descriptor 3."""
    reader, writer = os.pipe()
    os.dup2(writer, 3)
    os.close(reader)


@pytest.mark.parametrize(
    "arguments",
    [
        ["image", "--json", "--print", "ref"],
        ["tree", ""],
        ["image", "--tag", "A b"],
        ["image", "--engine", "docker", "--builder", "a"],
        ["image", "--output", "layout"],
        ["image", "--engine", "oci", "--packing", "zstd"],
        ["image", "--engine", "oci", "--packing", "zstd", "--output", "image.tar"],
    ],
)
def test_what_makes_no_sense_is_a_usage_error(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_a_misspelt_command_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["iamge"]) == 2
    assert "Did you mean 'image'?" in capsys.readouterr().err


def test_a_misspelt_option_points_to_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lock", "--frosen"]) == 2
    said = capsys.readouterr().err
    assert "Try 'jbuild lock -h'" in said or "Try 'jbuild lock --help'" in said


def test_a_missing_formula_is_one_clear_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    assert main(["image", str(tmp_path / "none.yaml")]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: {tmp_path}/none.yaml: no such file\nhint: ")
    assert list(tmp_path.iterdir()) == []


def test_json_makes_an_error_one_document(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["why", "git", "-f", str(tmp_path / "formula.yaml"), "--json"]) == 5
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["kind"], error["code"]) == ("LockMissing", 5)
    assert error["hint"] == "run `jbuild lock` first"


def test_a_setting_nobody_knows_is_told_with_where_it_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JBUILD_OFFLINE", "perhaps")
    assert main(["settings"]) == 10
    said = capsys.readouterr().err
    assert "offline is 'perhaps'" in said
    assert "JBUILD_OFFLINE" in said


def test_settings_name_their_origin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JBUILD_STORE", "/srv/store")
    assert main(["settings", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["settings"]
    assert listed["store"] == {"value": "/srv/store", "origin": "variable JBUILD_STORE"}
    assert listed["maven"]["origin"] == "default"


def test_what_nobody_foresaw_is_called_a_defect_and_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    trace = tmp_path / "jbuild" / "trace.txt"
    assert endings.defect(ZeroDivisionError("by zero"), ["lock"]) == 70
    assert "a defect in jbuild: ZeroDivisionError: by zero" in capsys.readouterr().err
    assert "ZeroDivisionError" in trace.read_text()
    assert endings.defect(ZeroDivisionError("by zero"), ["lock", "--json"]) == 70
    assert json.loads(capsys.readouterr().err)["error"]["facts"]["trace"] == str(trace)
