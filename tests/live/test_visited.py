"""The real controller, started by somebody else: looked at by name and by URL, and left alone."""

import contextlib
import time
import urllib.request
from collections.abc import Iterator

import docker
import pytest
from docker.models.containers import Container

from tests.live.conftest import Quickstart, jbuild

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]


@pytest.fixture
def controller(quickstart: Quickstart) -> Iterator[Container]:
    with contextlib.closing(docker.from_env()) as client:
        ports: dict[str, int | None] = {"8080/tcp": None, "50000/tcp": None}
        container = client.containers.run(quickstart.reference, detach=True, ports=ports)
        try:
            while b"Hudson is ready" not in container.logs():
                time.sleep(0.2)
            container.reload()
            yield container
        finally:
            container.remove(force=True, v=True)


def url(container: Container) -> str:
    published, *_ = container.ports["8080/tcp"] or [{}]
    return f"http://127.0.0.1:{published['HostPort']}/"


def statuses(quickstart: Quickstart, target: str) -> dict[str, str]:
    done = jbuild("verify", target, "--json", folder=quickstart.folder)
    assert done.code == 0, done.stdout + done.stderr
    checks = done.document()["checks"]
    assert isinstance(checks, list)
    return {each["id"]: each["status"] for each in checks}


def test_a_running_container_is_held_to_what_a_boot_is_held_to(
    quickstart: Quickstart, controller: Container
) -> None:
    report = quickstart.receipt["report"]
    assert isinstance(report, dict)
    booted = {each["id"]: each["status"] for each in report["checks"]}
    assert statuses(quickstart, f"container:{controller.name}") == booted
    controller.reload()
    assert controller.status == "running"


def test_a_url_shows_pages_and_agent_port_alone(
    quickstart: Quickstart, controller: Container
) -> None:
    found = statuses(quickstart, url(controller))
    passed = {each for each, status in found.items() if status == "passed"}
    assert {"boot.ready", "http.root", "http.api", "agent.listener"} <= passed
    assert found["plugins.present"] == found["hooks.ran"] == "skipped"
    assert found["agent.port"] == "skipped"  # port 50000 of this machine is not the container's
    with urllib.request.urlopen(url(controller)) as page:  # noqa: S310  # our own
        assert page.headers["X-Hudson"] == "3.3.2"


def test_a_controller_that_is_gone_fails(quickstart: Quickstart, controller: Container) -> None:
    target = url(controller)
    controller.stop(timeout=5)
    done = jbuild("verify", target, "--json", folder=quickstart.folder)
    assert done.code == 1, done.stderr
    assert set(done.failed_checks()) == {"boot.ready"}
    gone = jbuild("verify", f"container:{controller.name}", folder=quickstart.folder)
    assert gone.code == 8
    assert "it is exited" in gone.stderr
