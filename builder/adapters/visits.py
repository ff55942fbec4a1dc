"""``Visitor``: a container that somebody else has started, or a URL; nothing is changed there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from builder.adapters import daemon
from builder.adapters.boot_asked import Asked, Way, ask, ask_known, hidden
from builder.adapters.boot_inside import Inside, looked_into, read_of
from builder.adapters.boot_lines import Lines
from builder.adapters.boot_probes import Probes
from builder.adapters.boot_session import home_of, reached_at, translated
from builder.errors import ContainerMissing
from builder.model.answer import Answer
from builder.model.controller import HTTP_PORT
from builder.model.report import Ending, Observation, Part, Trial
from builder.settings import Login, Network
from builder.verify.log import is_ready

if TYPE_CHECKING:
    from docker.models.containers import Container

_CONTAINER = "container:"
_ANSWER_S = 10.0
_ENGINE_S = 60
_STARTING = 503
_OUTSIDE = "a URL shows nothing of it"
_CUT = "it does not go back to the boot"
_FAR = "cannot be reached from here: a proxy may lead to the pages alone"


class Visits(Struct, frozen=True, kw_only=True):
    """The real ``Visitor``."""

    docker_host: str | None
    network: Network
    account: Login | None

    def visit(self, trial: Trial) -> Observation:
        """Tell a container from a URL, and look."""
        if trial.image.startswith(_CONTAINER):
            return self._container(trial.image.removeprefix(_CONTAINER), trial)
        return self._site(trial.image, trial)

    def _site(self, url: str, trial: Trial) -> Observation:
        host = urlsplit(url).hostname or ""
        with Probes.at(url, self.network, None) as probes:
            root, asked = _asked(probes, trial, lambda port: (host, port))
        known = None
        if self.account and asked:
            with Probes.at(url, self.network, self.account) as probes:
                known = ask_known(probes, trial)
        unseen = [(Part.LOG, _OUTSIDE), (Part.FILES, _OUTSIDE)]
        if asked and asked.agent_port.port and not asked.agent_port.reached:
            unseen.append((Part.AGENT_PORT, f"port {asked.agent_port.port} {_FAR}"))
        return _observation(root, asked, Inside(), (), known, tuple(unseen))

    def _container(self, name: str, trial: Trial) -> Observation:
        with self._found(name) as container:
            host = reached_at(daemon.address_of(self.docker_host))
            way = _way(container, host)
            where = way(HTTP_PORT) or (host, HTTP_PORT)
            home = home_of(container.attrs["Config"], trial.controller)
            with ThreadPoolExecutor(max_workers=1) as pool:
                looking = pool.submit(looked_into, container, home, trial.files)
                with Probes(*where, prefix=trial.prefix) as probes:
                    root, asked = _asked(probes, trial, way)
                known = None
                if self.account and asked:
                    with Probes(*where, self.account, prefix=trial.prefix) as probes:
                        known = ask_known(probes, trial)
                lines = _lines(container)
                inside = looking.result()
        if self.account:
            lines = hidden(lines, self.account.password)
        is_whole = any(map(is_ready, lines))
        unseen = () if is_whole or not asked else ((Part.LOG, _CUT),)
        seen = _observation(root, asked, inside, lines, known, unseen)
        return replace(seen, files=read_of(inside, trial.files))

    @contextmanager
    def _found(self, name: str) -> Iterator["Container"]:
        from docker import from_env
        from docker.errors import NotFound

        address = daemon.address_of(self.docker_host)
        daemon.knock(address)
        with translated(address, name):
            client = from_env(environment={"DOCKER_HOST": address}, timeout=_ENGINE_S)
            try:
                try:
                    container = client.containers.get(name)
                except NotFound as fault:
                    raise ContainerMissing(name=name, said="there is none") from fault
                if container.status != "running":
                    raise ContainerMissing(name=name, said=f"it is {container.status}")
                yield container
            finally:
                client.close()


def _asked(probes: Probes, trial: Trial, way: Way) -> tuple[Answer, Asked | None]:
    """Ask the first page; ask for more where it is a controller's that is up."""
    root = probes.ask("/", _ANSWER_S)
    is_up = root.status not in {None, _STARTING}
    return root, ask(probes, trial, way) if is_up else None


def _observation(  # noqa: PLR0913, PLR0917  # one a place that was looked at
    root: Answer,
    asked: Asked | None,
    inside: Inside,
    lines: tuple[str, ...],
    known: tuple[Answer, ...] | None,
    unseen: tuple[tuple[Part, str], ...],
) -> Observation:
    return Observation(
        ending=Ending.READY if asked else Ending.DOWN,
        ready_after_s=None,
        exit_code=None,
        oom_killed=False,
        peak_memory=inside.peak_memory,
        log=lines,
        answers=asked.answers if asked else (root,),
        agent_port=asked.agent_port if asked else None,
        plugins=inside.plugins,
        agents=asked.agents if asked else None,
        unwritable=inside.unwritable,
        zombies=inside.zombies,
        known=known,
        unseen=unseen,
    )


def _way(container: "Container", host: str) -> Way:
    """Lead to a published port, else to the container's own address where that is on this host."""
    bound = container.attrs["NetworkSettings"]["Ports"] or {}
    networks = container.attrs["NetworkSettings"]["Networks"].values()
    address = next((each["IPAddress"] for each in networks if each["IPAddress"]), None)

    def way(port: int) -> tuple[str, int] | None:
        if published := bound.get(f"{port}/tcp"):
            return host, int(published[0]["HostPort"])
        return (address, port) if address and host == "127.0.0.1" else None

    return way


def _lines(container: "Container") -> tuple[str, ...]:
    """Read the log so far, bounded as that of a boot is."""
    lines = Lines()
    for chunk in container.logs(stream=True, follow=False):
        lines.feed(chunk)
    lines.finish()
    return lines.all()
