"""One container for one boot: its log, its ports, and how it ended."""

import threading
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.adapters.boot_lines import Lines
from builder.model.report import Phase, Stopped
from builder.verify.log import MILESTONES, is_end_state, is_ready, milestone

if TYPE_CHECKING:
    from docker.models.containers import Container

_LAST_LINES_S = 5.0
_SHOWN = 10


class Exit(Struct, frozen=True, kw_only=True):
    """How the container's first program ended."""

    code: int
    oom_killed: bool


class Log:
    """The lines of a container so far, gathered by a thread of its own."""

    def __init__(self, container: "Container", secret: str = "") -> None:
        self._secret = secret
        self.begun = time.monotonic()
        self._container = container
        self._phases: list[Phase] = []
        self._lines = Lines()
        self._ready = threading.Event()
        self._failed = threading.Event()
        self._near = threading.Event()  # one of these two is to come soon, or has come
        self._over = threading.Event()  # one of them has come, or there are no more lines
        self._thread = threading.Thread(target=self._follow, name="boot log", daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Tell whether the line that says so was seen."""
        return self._ready.is_set()

    @property
    def is_failed_boot(self) -> bool:
        """Tell whether the controller said that it will never be ready."""
        return self._failed.is_set()

    def wait(self, *, peace_s: float, pause_s: float) -> None:
        """Wait for more to be told: long while the boot is on its way, not when it is about over.

        Once all has been told it is just a pause.
        """
        if not self._near.is_set():
            self._near.wait(peace_s)
        elif not self._over.is_set():
            self._over.wait(pause_s)
        else:
            time.sleep(pause_s)

    def phases(self) -> tuple[Phase, ...]:
        """Give the milestones so far, each as it was read first."""
        return tuple(self._phases)

    @property
    def has_ended(self) -> bool:
        """Tell whether there will be no more lines."""
        return not self._thread.is_alive()

    def lines(self) -> tuple[str, ...]:
        """Give the lines so far, without the secret."""
        if not self._secret:
            return self._lines.all()
        return tuple(each.replace(self._secret, "***") for each in self._lines.all())

    def finish(self) -> None:
        """Wait for the last lines of a container that exited or is gone."""
        self._thread.join(_LAST_LINES_S)

    def _follow(self) -> None:
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        # A container that goes away while its log is read ends the log, no more.
        with suppress(DockerException, RequestException, OSError, ValueError):
            # Not ``attach``, whose first bytes the library may lose with the answer's headers.
            stream = self._container.logs(stream=True, follow=True)
            with closing(stream):
                self._read(stream)
        self._over.set()
        self._near.set()

    def _read(self, stream: Iterable[bytes]) -> None:
        """Cut the stream into lines; an engine keeps lines of both outputs whole."""
        for chunk in stream:
            self._look(self._lines.feed(chunk))
        self._look(self._lines.finish())

    def _look(self, lines: tuple[str, ...]) -> None:
        for line in lines:
            if reached := milestone(line):
                self._phases.append(Phase(name=reached, at_s=time.monotonic() - self.begun))
            if is_ready(line):
                self._ready.set()
            if is_end_state(line):
                self._failed.set()
            if self.is_ready or self.is_failed_boot:
                self._over.set()
            if reached == MILESTONES[-1] or self._over.is_set():
                self._near.set()


class Running:
    """A started container."""

    def __init__(self, container: "Container", host: str, home: str, secret: str = "") -> None:
        self.container = container
        self.host = host
        self.home = home  # of the controller, inside
        self.log = Log(container, secret)

    @property
    def age_s(self) -> float:
        """Tell how long ago it was started."""
        return time.monotonic() - self.log.begun

    def port(self, inside: int) -> int | None:
        """Give the port of the host that leads to one of the container."""
        self.container.reload()
        bound = self.container.ports.get(f"{inside}/tcp")
        return int(bound[0]["HostPort"]) if bound else None

    def way(self, inside: int) -> tuple[str, int] | None:
        """Give host and port that lead to a port of the container."""
        mapped = self.port(inside)
        return (self.host, mapped) if mapped else None

    def exit(self) -> Exit | None:
        """Tell how it ended; None while it runs."""
        self.container.reload()
        state = self.container.attrs["State"]
        if state["Status"] in {"created", "running", "paused"}:
            return None
        return Exit(code=state["ExitCode"], oom_killed=bool(state["OOMKilled"]))

    def stop(self, grace_s: int) -> Stopped:
        """Tell it to end, as an orchestrator does; it is killed where its grace is not enough."""
        before, begun = len(self.log.lines()), time.monotonic()
        self.container.stop(timeout=grace_s)
        after_s = time.monotonic() - begun
        self.log.finish()
        ended = self.exit()
        return Stopped(
            after_s=after_s,
            exit_code=ended.code if ended else -1,
            log=self.log.lines()[before:][-_SHOWN:],
        )
