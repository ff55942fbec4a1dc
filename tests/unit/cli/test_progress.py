"""One line a stage without a terminal, a bar with one, nothing where it is asked to be quiet."""

import io
import os
from contextlib import suppress

from rich.console import Console

from builder.cli.live import Live
from builder.cli.progress import Plain, Quiet, listener
from builder.model.stage import StageTime

_TIME = StageTime(name="war", seconds=1.25, note="31.5 MB [x]")
_LINE = "war         1.2 s  31.5 MB [x]\n"


def test_without_a_terminal_a_stage_is_one_line_however_long() -> None:
    out = io.StringIO()
    plain = Plain(out)
    plain.started("war")
    plain.progress("war", 1, 2, "files")
    plain.finished(_TIME)
    assert out.getvalue() == _LINE


def test_a_failed_stage_is_a_line_too() -> None:
    out = io.StringIO()
    Plain(out).failed("fetch")
    assert out.getvalue() == "fetch    failed\n"


def test_the_work_goes_on_when_nobody_looks_any_more() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    nobody = os.fdopen(writer, "w")
    plain = Plain(nobody)
    plain.finished(_TIME)
    plain.failed("fetch")
    with suppress(BrokenPipeError):  # what could not be written is tried again
        nobody.close()


def test_a_terminal_shows_how_far_a_stage_is_and_then_its_line() -> None:
    out = io.StringIO()
    live = Live(Console(file=out, force_terminal=True, width=80))
    live.started("fetch")
    live.progress("fetch", 3, 10, "files")
    live.finished(_TIME)
    assert "3 of 10 files" in out.getvalue()
    assert out.getvalue().endswith(_LINE)


def test_bars_are_for_terminals_that_nobody_automates() -> None:
    assert type(listener({}, quiet=1)) is Quiet
    assert type(listener({"CI": "true"}, quiet=0)) is Plain
    assert type(listener({}, quiet=0)) is Plain  # pytest's stderr is no terminal
