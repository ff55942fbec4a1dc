"""Logs of every shape become lines that are bounded and safe to print."""

import pytest

from builder.adapters.boot_lines import Lines


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_the_same_however_the_bytes_are_cut(size: int) -> None:
    content = "one\r\n\nthrée\nrest".encode()
    lines = Lines()
    ended = [
        line
        for start in range(0, len(content), size)
        for line in lines.feed(content[start : start + size])
    ]
    assert (*ended, *lines.finish()) == ("one", "", "thrée", "rest")
    assert lines.all() == ("one", "", "thrée", "rest")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (b"\x1b[31mINFO\x1b[0m: a\tb", "INFO: a\tb"),
        (b"\x1b]0;owned\x07text", "text"),
        (b"a\x00\x08\x1b\x9bb", "a�b"),
        (b"bad \xff\xfe utf-8", "bad �� utf-8"),
        ("c1 \u009b2Jx".encode(), "c1 2Jx"),
    ],
)
def test_nothing_of_a_line_steers_a_terminal(said: bytes, line: str) -> None:
    assert Lines().feed(said + b"\n") == (line,)


def test_a_line_without_an_end_is_cut_and_the_next_one_is_whole() -> None:
    lines = Lines(line=5)
    for _ in range(1000):
        assert lines.feed(b"x" * 100) == ()
    assert lines.feed(b"\nnext\n") == ("xxxxx", "next")


def test_of_an_endless_log_beginning_and_end_are_kept() -> None:
    lines = Lines(half=20)
    for number in range(1000):
        lines.feed(b"%03d\n" % number)
    assert lines.all() == (
        *("000", "001", "002", "003", "004"),
        "[990 lines left out]",
        *("995", "996", "997", "998", "999"),
    )
