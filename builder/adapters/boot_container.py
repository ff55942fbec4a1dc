"""One container for one boot: started, followed, and removed with its volume whatever happens."""

import os
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from builder.adapters import daemon
from builder.adapters.boot_lines import Lines
from builder.adapters.reaper import LABEL, guard, remove_containers
from builder.errors import BuildFailed, EngineUnreachable, ImageMissing
from builder.model.controller import AGENT_PORT, HTTP_PORT
from builder.model.report import Trial
from builder.verify.log import is_end_state, is_ready

if TYPE_CHECKING:
    from docker.models.containers import Container
    from testcontainers.core.container import DockerContainer

_ENGINE_S = 60
_LAST_LINES_S = 5.0


class Exit(Struct, frozen=True, kw_only=True):
    """How the container's first program ended."""

    code: int
    oom_killed: bool


class Log:
    """The lines of a container so far, gathered by a thread of its own."""

    def __init__(self, container: "Container") -> None:
        self._container = container
        self._lines = Lines()
        self._ready = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="boot log", daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Tell whether the line that says so was seen."""
        return self._ready.is_set()

    @property
    def is_failed_boot(self) -> bool:
        """Tell whether the controller said that it will never be ready."""
        return self._ended.is_set()

    def lines(self) -> tuple[str, ...]:
        """Give the lines so far."""
        return self._lines.all()

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

    def _read(self, stream: Iterable[bytes]) -> None:
        """Cut the stream into lines; an engine keeps lines of both outputs whole."""
        for chunk in stream:
            self._look(self._lines.feed(chunk))
        self._look(self._lines.finish())

    def _look(self, lines: tuple[str, ...]) -> None:
        for line in lines:
            if is_ready(line):
                self._ready.set()
            if is_end_state(line):
                self._ended.set()


class Running:
    """A started container."""

    def __init__(self, container: "Container", host: str) -> None:
        self.container = container
        self.host = host
        self.log = Log(container)

    def port(self, inside: int) -> int | None:
        """Give the port of the host that leads to one of the container."""
        self.container.reload()
        bound = self.container.ports.get(f"{inside}/tcp")
        return int(bound[0]["HostPort"]) if bound else None

    def exit(self) -> Exit | None:
        """Tell how it ended; None while it runs."""
        self.container.reload()
        state = self.container.attrs["State"]
        if state["Status"] in {"created", "running", "paused"}:
            return None
        return Exit(code=state["ExitCode"], oom_killed=bool(state["OOMKilled"]))


@contextmanager
def running(trial: Trial, docker_host: str | None) -> Iterator[Running]:
    """Start a container from the trial's image; afterwards neither it nor its volume is left.

    Raises:
        EngineUnreachable: no engine answers.
        ImageMissing: there is no such image; nothing is pulled.
        BuildFailed: the engine refuses to start it.
    """
    session = uuid.uuid4().hex
    address = daemon.address_of(docker_host)
    environment = {**os.environ, "DOCKER_HOST": address}
    daemon.knock(address)
    with _translated(address, trial.image):
        wrapped = _container(trial, environment, session)
        client = wrapped.get_docker_client().client
        try:
            client.images.get(trial.image)
            with guard(session, environment) as release:
                try:
                    wrapped.start()
                    started = Running(wrapped.get_wrapped_container(), _reached_at(address))
                    yield started
                finally:
                    remove_containers(client, session)
                    release()
                started.log.finish()
        finally:
            client.close()


def _container(trial: Trial, environment: Mapping[str, str], session: str) -> "DockerContainer":
    from testcontainers.core.config import testcontainers_config
    from testcontainers.core.container import DockerContainer

    testcontainers_config.ryuk_disabled = True  # it would pull a further image
    wrapped = DockerContainer(
        trial.image, docker_client_kw={"environment": environment, "timeout": _ENGINE_S}
    )
    interface = "127.0.0.1" if _is_local(environment["DOCKER_HOST"]) else "0.0.0.0"  # noqa: S104 -- another machine's loopback cannot be reached from here
    for port in (HTTP_PORT, AGENT_PORT):
        wrapped.ports[f"{port}/tcp"] = (interface, None)  # type: ignore[assignment]  # docker takes a pair
    return wrapped.with_kwargs(
        labels={LABEL: session}, mem_limit=trial.memory, memswap_limit=trial.memory
    )


@contextmanager
def _translated(address: str, image: str) -> Iterator[None]:
    """Turn what the engine's library raises into our own errors."""
    from docker.errors import APIError, DockerException, ImageNotFound
    from requests.exceptions import ConnectionError as NoConnection
    from requests.exceptions import Timeout

    try:
        yield
    except ImageNotFound as fault:
        raise ImageMissing(reference=image) from fault
    except APIError as fault:
        said = str(fault.explanation or fault)
        raise BuildFailed(step="run the container", said=(said,)) from fault
    except (DockerException, NoConnection, Timeout) as fault:
        raise EngineUnreachable(address=address, said=daemon.cause(fault)) from fault


def _is_local(address: str) -> bool:
    return _reached_at(address) == "127.0.0.1"


def _reached_at(address: str) -> str:
    """Give the host on which an engine's containers publish their ports."""
    parts = urlsplit(address)
    if parts.scheme in {"tcp", "ssh", "http", "https"} and parts.hostname != "localhost":
        return parts.hostname or "127.0.0.1"
    return "127.0.0.1"
