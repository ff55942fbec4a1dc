"""``Visitor``: containers and URLs of controllers that run already, left as they are."""

import contextlib
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container
from msgspec.structs import replace

from builder.adapters.boot import DockerBooter
from builder.adapters.visits import Visits
from builder.errors import ContainerMissing, EngineUnreachable
from builder.model.report import Ending, Observation, Part
from builder.settings import Login, Network
from tests.contracts.boots import Tiny, trial
from tests.fakes.company import company, serving

pytestmark = pytest.mark.enable_socket
Starts = Callable[..., Container]


def visits(host: str | None = None, *, ca: Path | None = None, account: bool = False) -> Visits:
    login = Login(host="", user="ann", password="hunter22") if account else None  # noqa: S106  # ours
    return Visits(docker_host=host, network=Network(ca=ca), account=login)


@pytest.fixture
def starts(tiny: Tiny) -> Iterator[Starts]:
    """Start containers as somebody else would; remove them afterwards."""
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(contextlib.closing(docker.from_env()))

        def start(mode: str, **wishes: object) -> Container:
            container: Container = client.containers.run(tiny(mode), detach=True, **wishes)  # type: ignore[call-overload]  # what a test wishes
            stack.callback(container.remove, force=True, v=True)
            return container

        yield start


def seen_until_up(container: Container, **wishes: object) -> Observation:
    """Visit until it is up: whoever started it has not waited."""
    asked = replace(trial(f"container:{container.name}"), **wishes)
    for _ in range(100):
        seen = visits().visit(asked)
        if seen.ending is Ending.READY:
            return seen
        time.sleep(0.1)
    raise AssertionError(seen)


@pytest.mark.docker
@pytest.mark.parametrize("ports", [{}, {"8080/tcp": None, "50000/tcp": None}])
def test_a_container_is_seen_as_a_boot_is_and_stays_as_it_was(
    starts: Starts, tiny: Tiny, ports: dict[str, None]
) -> None:
    container = starts("ready", ports=ports)
    seen = seen_until_up(container, paths=("/", "/large"))
    booted = DockerBooter(None).observe(trial(tiny("ready"), paths=("/", "/large")))
    for part in ("log", "answers", "agent_port", "agents", "plugins", "unwritable", "ending"):
        assert getattr(seen, part) == getattr(booted, part), part
    assert seen.unseen == ()
    assert seen.ready_after_s is None
    container.reload()
    assert (container.status, container.attrs["RestartCount"]) == ("running", 0)


@pytest.mark.docker
def test_a_container_that_is_not_up_is_down(starts: Starts) -> None:
    container = starts("starts")
    asked = trial(f"container:{container.id}")
    for _ in range(100):
        seen = visits().visit(asked)
        assert seen.ending is Ending.DOWN
        if seen.answers[0].status == 503:
            return
        time.sleep(0.1)
    raise AssertionError(seen.answers)


@pytest.mark.docker
def test_a_container_that_does_not_run_is_told(starts: Starts) -> None:
    with pytest.raises(ContainerMissing, match="there is none"):
        visits().visit(trial("container:jbuild-nothing-here"))
    container = starts("exits")
    container.wait()
    with pytest.raises(ContainerMissing, match="it is exited"):
        visits().visit(trial(f"container:{container.name}"))


def test_an_engine_that_does_not_answer_is_told() -> None:
    with pytest.raises(EngineUnreachable):
        visits("unix:///nonexistent/docker.sock").visit(trial("container:a"))


@contextlib.contextmanager
def site(asked: list[tuple[str, str, str | None]]) -> Iterator[str]:
    """Serve a controller below ``/ci`` that notes each request."""

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.command, self.path, self.headers["Authorization"]))
            is_known = self.path.startswith("/ci/")
            self.send_response(200 if is_known else 404)
            self.send_header("X-Hudson", "3.3.2")
            self.send_header("X-Hudson-JNLP-Port", "1")  # nobody listens there
            self.end_headers()

        do_POST = do_GET  # noqa: N815  # the name that is called

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/ci/"
        server.shutdown()


def test_a_url_shows_what_is_known_from_outside_below_its_path() -> None:
    asked: list[tuple[str, str, str | None]] = []
    with site(asked) as url:
        seen = visits().visit(trial(url, paths=("/", "/api/json")))
    assert seen.ending is Ending.READY
    assert [path for _, path, _ in asked] == [
        "/ci/", "/ci/", "/ci/api/json", "/ci/tcpSlaveAgentListener/",
    ]  # fmt: skip
    assert {(method, login) for method, _, login in asked} == {("GET", None)}
    assert (seen.plugins, seen.unwritable, seen.log) == (None, None, ())
    assert {part for part, _ in seen.unseen} == set(Part)


def test_an_account_is_shown_for_what_only_it_may_see() -> None:
    asked: list[tuple[str, str, str | None]] = []
    with site(asked) as url:
        seen = visits(account=True).visit(replace(trial(url), known=("/who",)))
    assert [path for _, path, login in asked if login] == ["/ci/who"]
    assert seen.known
    assert seen.known[0].status == 200


def test_an_authority_of_the_settings_is_trusted(tmp_path: Path) -> None:
    ours = company()
    (ca := tmp_path / "ca.pem").write_bytes(ours.pem)
    with serving(ours, "127.0.0.1", tmp_path) as url:
        assert visits(ca=ca).visit(trial(url)).ending is Ending.READY
        stranger = visits().visit(trial(url))
    assert stranger.ending is Ending.DOWN
    assert "certificate verify failed" in (stranger.answers[0].error or "")


def test_nobody_at_a_url_is_down() -> None:
    with site([]) as url:
        pass
    seen = visits().visit(trial(url))
    assert (seen.ending, seen.answers[0].status) == (Ending.DOWN, None)
    assert seen.answers[0].error == "Connection refused"
