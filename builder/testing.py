"""For people's own pytest: an image of a formula, and a controller booted from it.

Write ``pytest_plugins = ["builder.testing"]`` into the ``conftest.py`` at the top. It is no plugin
that pytest finds by itself: its fixtures have plain names, and other suites have their own.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
import requests

from builder.adapters.agent_port import ping
from builder.adapters.boot import wait
from builder.adapters.boot_asked import LISTENER
from builder.adapters.boot_container import Running
from builder.adapters.boot_inside import looked_into
from builder.adapters.boot_probes import Probes
from builder.adapters.boot_session import session
from builder.errors import ControllerDown
from builder.model import controller as controllers
from builder.model.controller import HTTP_PORT, Family, controller_of
from builder.model.report import Ending, PortAnswer, Trial
from builder.verify.installed import plugins_of

if TYPE_CHECKING:
    from docker.models.containers import Container

_FAMILY = "io.github.jbuild.family"  # a label of images that jbuild has made
_CRUMBS = "/crumbIssuer/api/json"
_ANSWER_S = 60.0
_OK = 200
_GIBIBYTE = 1024**3


class Controller:
    """A controller that is up, in a container of its own."""

    def __init__(self, started: Running, about: controllers.Controller, prefix: str) -> None:
        self._started = started
        self._about = about
        port = started.port(HTTP_PORT) or HTTP_PORT
        self.url = f"http://{started.host}:{port}{prefix}/"
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy leads to a container

    @property
    def container(self) -> "Container":
        """The container, for the container SDK."""
        return self._started.container

    @property
    def session(self) -> requests.Session:
        """What asks; ``session.auth`` may be set."""
        return self._session

    def get(self, path: str, **wishes: object) -> requests.Response:
        """Ask for a path below the controller's own, as ``requests`` does.

        Args:
            path: such as ``/api/json``.
            wishes: what ``requests`` takes, such as ``params``.
        """
        return self._ask("GET", path, wishes)

    def post(self, path: str, **wishes: object) -> requests.Response:
        """Post to a path, with the crumb of this session where the controller wants one."""
        headers = wishes.pop("headers", None)
        known = dict(headers) if isinstance(headers, Mapping) else {}
        return self._ask("POST", path, {"headers": {**self._crumb(), **known}, **wishes})

    def log(self) -> tuple[str, ...]:
        """Give the lines that the container has said so far."""
        return self._started.log.lines()

    def plugins(self) -> Mapping[str, str]:
        """Give the versions of the plugins that lie unpacked in the home, by id."""
        found = looked_into(self._started.container, self._started.home).plugins or ()
        return plugins_of(found)

    def listener(self) -> PortAnswer:
        """Ask for the agent port as agents do, and ping it."""
        page = self.get(LISTENER)
        said = page.headers.get(self._about.port_header, "")
        if page.status_code != _OK or not said.isdigit():
            return PortAnswer(port=None, reached=False)
        where = self._started.way(int(said))
        if where is None:
            return PortAnswer(port=int(said), reached=False, error="this port is not mapped")
        return ping(*where, int(said))

    def close(self) -> None:
        """Close the connections; the container is not ours to end."""
        self._session.close()

    def _ask(self, method: str, path: str, wishes: Mapping[str, object]) -> requests.Response:
        named = {"timeout": _ANSWER_S, **wishes}
        return self._session.request(method, urljoin(self.url, path.lstrip("/")), **named)  # type: ignore[arg-type]  # theirs

    def _crumb(self) -> dict[str, str]:
        page = self.get(_CRUMBS)
        if page.status_code != _OK:
            return {}
        said = page.json()
        return {said["crumbRequestField"]: said["crumb"]}


@contextmanager
def booted(
    image: str, *, memory: int = 2 * _GIBIBYTE, timeout_s: float = 300, prefix: str = ""
) -> Iterator[Controller]:
    """Boot an image and wait until its controller is up; leave nothing behind.

    Args:
        image: a reference or an id that the container engine knows.
        memory: of the container, in bytes.
        timeout_s: how long its boot may take.
        prefix: of all its paths, such as ``/jenkins``.

    Raises:
        ControllerDown: it did not come up; says the last lines of its log.
        ImageMissing: the engine has no such image.
        EngineUnreachable: no engine answers.
    """
    with session(None) as boots:
        about = controller_of(Family(boots.label(image, _FAMILY) or Family.JENKINS.value))
        trial = Trial(
            image=image,
            controller=about,
            memory=memory,
            timeout_s=timeout_s,
            paths=(),
            prefix=prefix,
        )
        with boots.running(trial) as started:
            port = started.port(HTTP_PORT) or HTTP_PORT
            with Probes(started.host, port, prefix=prefix) as probes:
                waited = wait(started, probes, timeout_s)
            if waited.ending is not Ending.READY:
                raise ControllerDown(
                    image=image, ending=waited.ending.value, said=started.log.lines()[-30:]
                )
            up = Controller(started, about, prefix)
            try:
                yield up
            finally:
                up.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the image be named, or the formula that it is built from."""
    group = parser.getgroup("jbuild")
    group.addoption("--jenkins-image", help="an image that the container engine has")
    group.addoption(
        "--jenkins-formula",
        default="formula.yaml",
        help="built where no image is named; below the root folder of the tests",
    )


@pytest.fixture(scope="session")
def jenkins_image(request: pytest.FixtureRequest) -> str:
    """Name the image: the one that is given, else the one that the formula describes."""
    named = request.config.getoption("--jenkins-image")
    if named:
        return str(named)
    formula = request.config.rootpath / str(request.config.getoption("--jenkins-formula"))
    return built(formula)


@pytest.fixture(scope="session")
def controller(jenkins_image: str) -> Iterator[Controller]:
    """Boot the image once for all tests."""
    with booted(jenkins_image) as up:
        yield up


def built(formula: Path) -> str:
    """Build the image of a formula as ``jbuild image`` does, unverified; give its reference.

    Raises:
        pytest.fail.Exception: jbuild refuses; says its words.
    """
    command = (sys.executable, "-m", "builder", "image", formula.name, "--no-verify", "--print=ref")
    done = subprocess.run(  # noqa: S603  # ourselves
        command, cwd=formula.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"jbuild image {formula} ended with {done.returncode}\n{done.stderr}")
    return done.stdout.strip()
