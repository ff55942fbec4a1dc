"""The real controller, started by somebody else: looked at by name and by URL, and left alone."""

from collections.abc import Iterator

import pytest

from builder.testing import Controller, booted
from tests.live.conftest import Quickstart, jbuild

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]


@pytest.fixture
def controller(quickstart: Quickstart) -> Iterator[Controller]:
    with booted(quickstart.reference) as up:
        yield up


def statuses(quickstart: Quickstart, target: str) -> dict[str, str]:
    done = jbuild("verify", target, "--json", folder=quickstart.folder)
    assert done.code == 0, done.stdout + done.stderr
    checks = done.document()["checks"]
    assert isinstance(checks, list)
    return {each["id"]: each["status"] for each in checks}


def test_a_running_container_is_held_to_what_a_boot_is_held_to(
    quickstart: Quickstart, controller: Controller
) -> None:
    report = quickstart.receipt["report"]
    assert isinstance(report, dict)
    booted = {each["id"]: each["status"] for each in report["checks"]}
    assert statuses(quickstart, f"container:{controller.container.name}") == booted
    controller.container.reload()
    assert controller.container.status == "running"


def test_a_url_shows_pages_and_agent_port_alone(
    quickstart: Quickstart, controller: Controller
) -> None:
    found = statuses(quickstart, controller.url)
    passed = {each for each, status in found.items() if status == "passed"}
    assert {"boot.ready", "http.root", "http.api", "agent.listener"} <= passed
    assert found["plugins.present"] == found["hooks.ran"] == "skipped"
    assert found["agent.port"] == "skipped"  # port 50000 of this machine is not the container's
    assert controller.get("/").headers["X-Hudson"] == "3.3.2"


def test_a_controller_that_is_gone_fails(quickstart: Quickstart, controller: Controller) -> None:
    target = controller.url
    controller.container.stop(timeout=5)
    done = jbuild("verify", target, "--json", folder=quickstart.folder)
    assert done.code == 1, done.stderr
    assert set(done.failed_checks()) == {"boot.ready"}
    gone = jbuild("verify", f"container:{controller.container.name}", folder=quickstart.folder)
    assert gone.code == 8
    assert "it is exited" in gone.stderr


def test_doctor_looks_at_a_controller_without_a_lock(
    quickstart: Quickstart, controller: Controller
) -> None:
    name = f"container:{controller.container.name}"
    well = jbuild("doctor", name, controller.url, "--json", folder=quickstart.folder.parent)
    assert (well.code, well.document()["findings"]) == (0, [])
    target = controller.url
    controller.container.stop(timeout=5)
    gone = jbuild("doctor", target, "--json", folder=quickstart.folder.parent)
    assert gone.code == 1
    findings = gone.document()["findings"]
    assert isinstance(findings, list)
    assert [each["id"] for each in findings] == ["boot.ready"]
