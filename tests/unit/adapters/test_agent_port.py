"""The agent-port speaker against a port that answers as recorded, and ports that do not."""

import re
import socket
from contextlib import closing

import pytest

from builder.adapters.agent_port import talk
from builder.model.controller import HUDSON, JENKINS
from tests.fakes.agent_port import COOKIE, agent_port, identity
from tests.fakes.shared import DATA

RECORDED = DATA / "jenkins-2.346.3" / "agent-port"
UNKNOWN = "ERROR: Unknown client name: jbuild-probe"


def test_a_port_that_is_well_is_followed_to_its_verdict() -> None:
    with agent_port() as port:
        said = talk("127.0.0.1", port, JENKINS)
    assert b"Jenkins-Session: 3251d4a4\r\n" in said.page.answer
    assert said.nonsense.answer == b"Unknown protocol:\n"
    assert said.handshake.greeting == b"\x00\x03ACK"
    assert said.handshake.key == identity().public
    assert said.handshake.frames == (COOKIE, UNKNOWN)
    assert said.handshake.error is None


@pytest.mark.parametrize(
    ("mode", "greeting", "frames"),
    [
        ("no ack", b"Disab", ()),
        ("closes after ack", b"\x00\x03ACK", ()),
        ("no verdict", b"\x00\x03ACK", (COOKIE,)),
        ("welcomes", b"\x00\x03ACK", (COOKIE, "OK")),
    ],
)
def test_a_port_that_breaks_off_is_followed_so_far(
    mode: str, greeting: bytes, frames: tuple[str, ...]
) -> None:
    with agent_port(mode) as port:
        shake = talk("127.0.0.1", port, JENKINS).handshake
    assert (shake.greeting, shake.frames) == (greeting, frames)
    assert (shake.key is None) == (not frames)


def test_a_closed_port_is_told_in_each_part() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    said = talk("127.0.0.1", port, JENKINS)
    errors = {said.page.error, said.nonsense.error, said.handshake.error}
    assert errors == {"Connection refused"}


def test_hudson_is_asked_in_its_own_words() -> None:
    with agent_port() as port:
        said = talk("127.0.0.1", port, HUDSON)
    assert said.handshake.protocol == "JNLP2-connect"
    assert said.handshake.greeting == b"Unknown protocol:\n"


def recorded() -> list[tuple[bytes, bytes]]:
    """Give what was sent and what came back, of every exchange that the controller closed."""
    path = RECORDED / "plain-bytes.txt"
    parts = path.read_text().split("\n## ")[1:] if path.exists() else []
    shape = re.compile(r"send  (?P<sent>[0-9a-f ]+)\nrecv  (?P<got>[0-9a-f ]+)\n")
    found = (shape.search(each) for each in parts if "closed by the controller" in each)
    return [(bytes.fromhex(one["sent"]), bytes.fromhex(one["got"])) for one in found if one]


def test_the_fake_answers_as_the_recorded_controller() -> None:
    if not RECORDED.exists():
        pytest.skip(f"no recordings at {RECORDED}")
    exchanges = recorded()
    assert len(exchanges) >= 8
    for sent, wanted in exchanges:
        with agent_port() as port, socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(sent)
            got = b""
            while more := connection.recv(4096):
                got += more
        assert got == wanted
