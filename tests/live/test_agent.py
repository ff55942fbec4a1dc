"""A real agent of the real controller: it connects, and tells where it cannot."""

import pytest

from tests.live.conftest import Quickstart, Spoil, jbuild

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_OFF = b"<hudsonSecurityManager><slaveAgentPort>-1</slaveAgentPort></hudsonSecurityManager>"


def test_a_real_agent_connects(quickstart: Quickstart) -> None:
    done = jbuild("verify", quickstart.reference, "--agent", "--json", folder=quickstart.folder)
    assert done.code == 0, done.stdout
    checks = done.document()["checks"]
    assert isinstance(checks, list)
    (found,) = (each for each in checks if each["id"] == "agent.connects")
    assert (found["status"], found["seen"]) == ("passed", "online; INFO: Connected")


def test_without_an_agent_port_it_does_not(quickstart: Quickstart, spoil: Spoil) -> None:
    place = "/usr/share/jenkins/ref/hudson-security.xml"
    image = spoil(f"COPY hudson-security.xml {place}", files={"hudson-security.xml": _OFF})
    done = jbuild("verify", image, "--agent", "--json", folder=quickstart.folder)
    assert {"agent.connects", "agent.listener"} <= set(done.failed_checks())
    assert done.failed_checks()["agent.connects"]["evidence"]
