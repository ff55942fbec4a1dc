"""What the agent port of a booted controller said, connection by connection."""

from msgspec import Struct


class Spoken(Struct, frozen=True, kw_only=True):
    """One connection to the agent port: the answer to the first words, and how it broke."""

    answer: bytes = b""
    error: str | None = None


class Handshake(Struct, frozen=True, kw_only=True):
    """How far an agent came that nobody knows."""

    protocol: str  # such as ``JNLP4-connect``
    greeting: bytes = b""  # to the name of the protocol
    key: bytes | None = None  # SubjectPublicKeyInfo of the TLS certificate, in DER
    frames: tuple[str, ...] = ()  # said inside, to the headers of the unknown agent
    error: str | None = None


class AgentTalk(Struct, frozen=True, kw_only=True):
    """All that was asked of an agent port beyond a ping."""

    page: Spoken  # to ``GET / HTTP/1.0``
    nonsense: Spoken  # to a protocol that nobody has
    handshake: Handshake


class AgentRun(Struct, frozen=True, kw_only=True):
    """What came of a real agent that was sent to the controller."""

    refused: str | None = None  # why none could be sent
    is_online: bool = False  # as the controller says
    log: tuple[str, ...] = ()  # of the agent
