"""Cuts what a container says into lines: bounded, whatever it says, and safe to print."""

import re
from collections import deque

_LINE = 16 * 1024  # bytes of one line; the rest of it is left out
_HALF = 8 * 1024**2  # characters kept of the log's beginning, and of its end
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links
    r"|[\x00-\x08\x0a-\x1f\x7f-\x9f]"  # every other control character but the tab
)


class Lines:
    """The beginning and the end of a log."""

    def __init__(self, *, line: int = _LINE, half: int = _HALF) -> None:
        self._line = line
        self._half = half
        self._rest = b""
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._head_size = self._tail_size = self._left_out = 0

    def feed(self, chunk: bytes) -> tuple[str, ...]:
        """Take more bytes; give the lines that they end."""
        first, *others = chunk.split(b"\n")
        ended = []
        self._grow(first)
        for each in others:
            ended.append(self._end())
            self._grow(each)
        return tuple(ended)

    def finish(self) -> tuple[str, ...]:
        """Give the last line, where no line feed ends it."""
        return (self._end(),) if self._rest else ()

    def all(self) -> tuple[str, ...]:
        """Give the lines so far; one line says how many are left out."""
        gap = (f"[{self._left_out} lines left out]",) if self._left_out else ()
        return (*self._head, *gap, *self._tail.copy())

    def _grow(self, more: bytes) -> None:
        self._rest += more[: max(0, self._line - len(self._rest))]

    def _end(self) -> str:
        line = _ESCAPES.sub("", self._rest.decode(errors="replace"))
        self._rest = b""
        self._keep(line)
        return line

    def _keep(self, line: str) -> None:
        size = len(line) + 1
        if not self._tail and self._head_size + size <= self._half:
            self._head.append(line)
            self._head_size += size
            return
        self._tail.append(line)
        self._tail_size += size
        while self._tail_size > self._half and len(self._tail) > 1:
            self._tail_size -= len(self._tail.popleft()) + 1
            self._left_out += 1
