"""Outside programs: run one, keep what it says, and never let it outlive us."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from builder.errors import ToolMissing

_GRACE_S = 10
_USER = re.compile(r"(?<=://)[^/@\s]+@")
_QUERY = re.compile(r"(://[^?\s]*)\?[^\s)]*")


class Finished(Struct, frozen=True, kw_only=True):
    """How a program ended; ``lines`` is its standard output and error, interleaved."""

    code: int
    lines: tuple[str, ...]

    def full_disk(self) -> str | None:
        """Give the line that speaks of a full disk, as the C library or apt words it."""
        words = ("No space left on device", "enough free space")
        return next((line for line in self.lines if any(w in line for w in words)), None)


class Program(Struct, frozen=True, kw_only=True):
    """A program and the Debian package that brings it."""

    command: str
    package: str


def redacted(line: str) -> str:
    """Take users, passwords and query strings out of the URLs that a program has printed."""
    return _QUERY.sub(r"\1?***", _USER.sub("***@", line))


def run(
    program: Program,
    arguments: tuple[str, ...],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    hear: Callable[[str], None] = lambda _: None,
) -> Finished:
    """Run a program in a session of its own and wait for it.

    Whatever interrupts the wait ends the program's whole process group first: asked, then killed.

    Raises:
        ToolMissing: it is not on the PATH.
    """
    process = _started(program, arguments, folder, environment or {}, None)
    return _ended(process, hear)


def ask(
    program: Program,
    arguments: tuple[str, ...],
    answer: Path,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Run a program whose standard output goes into a file, byte for byte; hear its errors only.

    Raises:
        ToolMissing: it is not on the PATH.
    """
    with answer.open("wb") as out:
        process = _started(program, arguments, folder, environment or {}, out)
        return _ended(process, lambda _: None)


def run_alone(
    command: tuple[str, ...],
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout_s: float,
    hear: Callable[[str], None],
) -> Finished | None:
    """Run a stranger's command that sees these variables and no others; None: it took too long.

    Whatever it started and left behind in its process group is ended with it.

    Raises:
        OSError: there is no such program, or it may not be run.
    """
    process = _spawned(command, folder, environment, None)
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(timeout_s, stop)
    timer.start()
    try:
        done = _ended(process, hear)
    finally:
        timer.cancel()
        _kill(process)
    return None if late.is_set() else done


def _started(
    program: Program,
    arguments: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str],
    out: BinaryIO | None,
) -> subprocess.Popen[str]:
    try:
        return _spawned((program.command, *arguments), folder, {**os.environ, **environment}, out)
    except OSError as fault:
        raise ToolMissing(tool=program.command, package=program.package) from fault


def _spawned(
    command: tuple[str, ...], folder: Path, environment: Mapping[str, str], out: BinaryIO | None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out or subprocess.PIPE,
        stderr=subprocess.PIPE if out else subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )


def _ended(process: subprocess.Popen[str], hear: Callable[[str], None]) -> Finished:
    with process:
        try:
            return _listen(process, hear)
        except BaseException:
            _end(process)
            raise


def _listen(process: subprocess.Popen[str], hear: Callable[[str], None]) -> Finished:
    lines: list[str] = []
    for line in process.stdout or process.stderr or ():
        lines.append(line.rstrip("\n"))
        hear(lines[-1])
    return Finished(code=process.wait(), lines=tuple(lines))


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=_GRACE_S)
    except subprocess.TimeoutExpired:
        _kill(process)


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
