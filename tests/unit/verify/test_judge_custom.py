"""A formula's own checks: each passes, and each fails in its own words."""

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.custom import CustomCheck, FileWish, GroovyWish, HttpWish, LogWish
from builder.model.formula import TrialWishes
from builder.model.report import Finding, Observation, Status
from builder.verify import expect, trial
from builder.verify.judge import judge
from tests.unit.verify.observations import GOOD, NOT_READY, finding, locked

BODY = b'{"mode": "NORMAL", "n": 3, "ok": true, "views": [{"name": "All"}], "none": null}'
PAGE = Answer(path="/x", status=200, headers=(("X-Here", "yes"),), body=BODY)
FILES = (("/a", b"one\ntwo\n"), ("/b", None))
OUT = Answer(path="/scriptText", status=200, body=b"6\n42\n")
SHUT = Answer(path="/scriptText", status=403)
SCRIPTS = (("x", OUT), ("y", SHUT))
SEEN = replace(
    GOOD, scripts=SCRIPTS, answers=(*GOOD.answers, PAGE), log=("one done", "two done"), files=FILES
)


def judged_by(wish: CustomCheck, seen: Observation = SEEN) -> Finding:
    wishes = TrialWishes(checks=(wish,))
    expected = expect(locked(), trial("image:1", locked(), wishes))
    return finding(judge(replace(expected, custom=wishes.checks), seen), f"custom.{wish.id}")


@pytest.mark.parametrize(
    "wish",
    [
        HttpWish(id="a", path="/x"),
        HttpWish(id="a", path="/x", headers=(("x-here", "yes"),)),
        HttpWish(id="a", path="/x", values=(("mode", "NORMAL"), ("views[0].name", "All"))),
        HttpWish(id="a", path="/x", values=(("n", "3"), ("ok", "true"), ("none", "null"))),
        LogWish(id="a", pattern="t.o done$"),
        LogWish(id="a", pattern="SEVERE", is_absent=True),
        FileWish(id="a", path="/a"),
        FileWish(id="a", path="/a", pattern="^two$"),
        FileWish(id="a", path="/b", is_absent=True),
        GroovyWish(id="a", script="x", pattern="^42$"),
    ],
)
def test_what_holds_passes(wish: CustomCheck) -> None:
    assert judged_by(wish).status is Status.PASSED


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (HttpWish(id="a", path="/x", status=404), "200"),
        (HttpWish(id="a", path="/y"), "no answer (never asked)"),
        (HttpWish(id="a", path="/x", headers=(("X-Here", "no"),)), "X-Here: yes"),
        (HttpWish(id="a", path="/x", headers=(("X-There", "no"),)), "no X-There"),
        (HttpWish(id="a", path="/x", values=(("mode", "EXCLUSIVE"),)), "mode is 'NORMAL'"),
        (HttpWish(id="a", path="/x", values=(("views[1].name", "All"),)), "no views[1].name"),
        (HttpWish(id="a", path="/x", values=(("views", "All"),)), "no views"),
        (HttpWish(id="a", path="/", values=(("a", "b"),)), "the body is no JSON"),
        (LogWish(id="a", pattern="three"), "no such line"),
        (LogWish(id="a", pattern="done", is_absent=True), "2 lines"),
        (GroovyWish(id="a", script="x", pattern="^7$"), "it put out something else"),
        (GroovyWish(id="a", script="y", pattern="^7$"), "/scriptText answered 403"),
        (FileWish(id="a", path="/b"), "there is no such file"),
        (FileWish(id="a", path="/a", is_absent=True), "it is there"),
        (FileWish(id="a", path="/a", pattern="three"), "it holds no such text"),
    ],
)
def test_what_does_not_hold_fails(wish: CustomCheck, said: str) -> None:
    failure = judged_by(wish)
    assert (failure.status, failure.seen) == (Status.FAILED, said)
    assert failure.hint


def test_a_body_that_was_cut_off_is_not_guessed_at() -> None:
    long = replace(PAGE, body=b"{" + b" " * 64 * 1024)
    wish = HttpWish(id="a", path="/x", values=(("a", "b"),))
    assert "tree=" in judged_by(wish, replace(SEEN, answers=(long,))).seen


def test_a_line_that_may_not_be_there_counts_whatever_became_of_the_boot() -> None:
    seen = replace(NOT_READY, log=("SEVERE",))
    assert (
        judged_by(LogWish(id="a", pattern="SEVERE", is_absent=True), seen).status is Status.FAILED
    )
    assert judged_by(LogWish(id="a", pattern="else", is_absent=True), seen).status is Status.SKIPPED
    assert judged_by(LogWish(id="a", pattern="else"), seen).status is Status.SKIPPED
    assert judged_by(HttpWish(id="a", path="/x"), seen).status is Status.SKIPPED


def test_paths_are_asked_once_without_what_is_asked_anyway() -> None:
    wishes = TrialWishes(checks=(HttpWish(id="a", path="/x"), HttpWish(id="b", path="/x")))
    assert trial("image:1", locked(), wishes).paths.count("/x") == 1


def test_a_file_that_nobody_could_read_is_neither_there_nor_absent() -> None:
    for wish in (FileWish(id="a", path="/a"), FileWish(id="a", path="/a", is_absent=True)):
        assert judged_by(wish, replace(SEEN, files=())).status is Status.SKIPPED
        assert judged_by(wish, replace(NOT_READY, files=())).status is Status.SKIPPED


def test_a_script_that_was_not_executed_is_skipped_and_told() -> None:
    found = judged_by(GroovyWish(id="a", script="z", pattern="x"))
    assert (found.status, found.seen) == (
        Status.SKIPPED,
        "scripts are executed in a trial boot alone",
    )


def test_a_console_that_is_shut_says_how_to_open_it() -> None:
    hint = judged_by(GroovyWish(id="a", script="y", pattern="x")).hint or ""
    assert "JBUILD_VERIFY_USER" in hint
