"""Containers on one engine that share one home: none of them is left, whatever happens."""

import io
import os
import socket
import tarfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from builder.adapters import daemon
from builder.adapters.boot_container import Running
from builder.adapters.reaper import LABEL, OWNER, guard, owner, remove_all, remove_containers, sweep
from builder.adapters.token_server import TokenServer, token_server
from builder.errors import BuildFailed, EngineUnreachable, ImageMissing
from builder.model.controller import AGENT_PORT, HOME, HTTP_PORT, Controller
from builder.model.report import Trial
from builder.settings import PASSWORD, TOKEN_SERVER, USER, Login

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container
    from testcontainers.core.container import DockerContainer

_ENGINE_S = 60
_CASC = "jbuild-trial.yaml"  # in the home; CasC passes over paths with a dot in front
_JAR = "/tmp/agent.jar"  # noqa: S108  # of the container
_AGENT_BYTES = 512 * 1024**2
_TOKENS = "jbuild-tokens"  # the host's name inside, where it serves reviews
_SCRATCH = "/tmp"  # noqa: S108  # of the container


class Session:
    """Boots on one home, one after the other."""

    def __init__(self, client: "DockerClient", environment: Mapping[str, str], name: str) -> None:
        self._client = client
        self._environment = environment
        self._name = name

    @contextmanager
    def running(
        self, trial: Trial, account: Login | None = None, tokens: TokenServer | None = None
    ) -> Iterator[Running]:
        """Start a container from the trial's image; afterwards it is gone, and the home stays.

        Its environment holds the account where the trial has CasC of its own, and its log does not.

        Raises:
            EngineUnreachable: the engine no longer answers.
            ImageMissing: there is no such image; nothing is pulled.
            BuildFailed: the engine refuses to start it.
        """
        address = self._environment["DOCKER_HOST"]
        with translated(address, trial.image):
            image = self._client.images.get(trial.image)
            home = home_of(image.attrs["Config"], trial.controller)
            wrapped = self._container(trial, home)
            _configure(wrapped, trial, home, account)
            if tokens:
                wrapped.with_env(TOKEN_SERVER, f"http://{_TOKENS}:{tokens.port}")
            try:
                wrapped.start()
                secret = account.password if account else ""
                box = wrapped.get_wrapped_container()
                started = Running(box, reached_at(address), home, secret)
                yield started
            finally:
                remove_containers(self._client, self._name)
                wrapped.get_docker_client().client.close()
            started.log.finish()

    @contextmanager
    def tokens(self, trial: Trial) -> Iterator[TokenServer | None]:
        """Serve reviews where a trial tries log-ins; None: not, or no container could reach us.

        It listens where the engine's own network meets this machine; where that is no address of
        this machine, as with an engine in a virtual machine, what is sent there comes to loopback.
        """
        if not trial.log_ins or not _is_local(self._environment["DOCKER_HOST"]):
            yield None
            return
        with token_server(self._gateway()) as server:
            yield server

    def _gateway(self) -> str:
        settings = self._client.networks.get("bridge").attrs["IPAM"]["Config"]
        named = next((each["Gateway"] for each in settings if "." in each.get("Gateway", "")), "")
        try:
            with socket.create_server((named, 0)):
                return str(named)
        except OSError:
            return "127.0.0.1"

    def label(self, image: str, name: str) -> str | None:
        """Give the value of an image's label; None where it has none.

        Raises:
            ImageMissing: there is no such image.
        """
        with translated(self._environment["DOCKER_HOST"], image):
            return self._client.images.get(image).labels.get(name)

    @contextmanager
    def beside(
        self, started: Running, jar: bytes, arguments: tuple[str, ...]
    ) -> Iterator["Container"]:
        """Run a jar with the Java of a running container's image, in its network."""
        command = ["-Djava.awt.headless=true", "-jar", _JAR, *arguments]
        container = self._client.containers.create(
            started.container.attrs["Image"],
            entrypoint=["java"],
            command=command,
            labels=self._labels,
            network_mode=f"container:{started.container.id}",
            mem_limit=_AGENT_BYTES,
        )
        try:
            container.put_archive("/", _packed(_JAR, jar))
            container.start()
            yield container
        finally:
            container.remove(force=True, v=True)

    @property
    def _labels(self) -> dict[str, str]:
        return {LABEL: self._name, OWNER: owner()}

    def _container(self, trial: Trial, home: str) -> "DockerContainer":
        from docker.types import Mount
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

        testcontainers_config.ryuk_disabled = True  # it would pull a further image
        wrapped = DockerContainer(
            trial.image, docker_client_kw={"environment": self._environment, "timeout": _ENGINE_S}
        )
        interface = "127.0.0.1" if _is_local(self._environment["DOCKER_HOST"]) else "0.0.0.0"  # noqa: S104 -- another machine's loopback cannot be reached from here
        for port in (HTTP_PORT, AGENT_PORT):
            wrapped.ports[f"{port}/tcp"] = (interface, None)  # type: ignore[assignment]  # docker takes a pair
        volume = Mount(home, f"jbuild-{self._name}", type="volume", labels=self._labels)
        if trial.is_read_only:
            wrapped.tmpfs[_SCRATCH] = ""
        return wrapped.with_kwargs(
            labels=self._labels,
            mem_limit=trial.memory,
            memswap_limit=trial.memory,
            mounts=[volume],
            read_only=trial.is_read_only,
            extra_hosts={_TOKENS: "host-gateway"} if trial.log_ins else None,
        )


def _configure(wrapped: "DockerContainer", trial: Trial, home: str, account: Login | None) -> None:
    """Lay down the trial's own CasC; on a root that cannot be written, an earlier boot has."""
    if trial.casc is not None:
        if account:
            wrapped.with_envs(**{USER: account.user, PASSWORD: account.password})
        place = f"{home}/{_CASC}"
        wrapped.with_env("CASC_JENKINS_CONFIG", place)
        if not trial.is_read_only:
            wrapped.with_copy_into_container(trial.casc, place)


def _packed(path: str, content: bytes) -> bytes:
    """Put one file that everybody may read into a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo(path.lstrip("/"))
        entry.size, entry.mode = len(content), 0o644
        tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@contextmanager
def session(docker_host: str | None) -> Iterator[Session]:
    """Open a session; afterwards neither a container nor the home is left.

    What sessions of processes left that are gone is swept first.

    Raises:
        EngineUnreachable: no engine answers.
    """
    from docker import from_env

    name = uuid.uuid4().hex
    address = daemon.address_of(docker_host)
    environment = {**os.environ, "DOCKER_HOST": address}
    daemon.knock(address)
    with translated(address, ""):
        client = from_env(environment=environment, timeout=_ENGINE_S)
        try:
            sweep(client)
            with guard(name, environment) as release:
                try:
                    yield Session(client, environment, name)
                finally:
                    remove_all(client, name)
                    release()
        finally:
            client.close()


def home_of(config: Mapping[str, Any], controller: Controller) -> str:
    """Find where a controller keeps what has to outlive a container, by what its image says."""
    set_to = dict(each.partition("=")[::2] for each in config.get("Env") or ())
    return set_to.get(controller.home_variable) or str(HOME)


@contextmanager
def translated(address: str, image: str) -> Iterator[None]:
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
    return reached_at(address) == "127.0.0.1"


def reached_at(address: str) -> str:
    """Give the host on which an engine's containers publish their ports."""
    parts = urlsplit(address)
    if parts.scheme in {"tcp", "ssh", "http", "https"} and parts.hostname != "localhost":
        return parts.hostname or "127.0.0.1"
    return "127.0.0.1"
