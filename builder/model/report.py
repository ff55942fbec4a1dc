"""Checks, what was seen of a booted image, the report on it, and the receipt of a build."""

from enum import Enum

from msgspec import Struct

from builder.model.agents import AgentRun, AgentTalk
from builder.model.answer import Answer
from builder.model.controller import Controller
from builder.model.digest import Digest
from builder.model.publish import Published
from builder.model.reviews import LoggedIn, LogIn
from builder.model.stage import StageTime
from builder.version import Version


class Check(Struct, frozen=True, kw_only=True):
    """One thing that must hold of a booted image."""

    id: str  # such as ``plugins.present``
    title: str


class Status(Enum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(Struct, frozen=True, kw_only=True):
    """One check and its result."""

    check: Check
    status: Status
    expected: str
    seen: str
    hint: str | None = None  # given only if it is right in every case
    evidence: tuple[str, ...] = ()  # raw lines: of the log, of an answer, names of files


class Ending(Enum):
    """How the wait for a booting controller ended."""

    READY = "ready"
    DOWN = "down"  # none was waited for: it ran already, and is not up
    FAILED_BOOT = "failed boot"  # the process lives and will never answer well
    EXITED = "exited"
    TIMED_OUT = "timed out"


class Phase(Struct, frozen=True, kw_only=True):
    """What a booting controller came to, and when: by its answers and its log."""

    name: str  # such as ``answers 503`` or ``Prepared all plugins``
    at_s: float  # since its container was started


class Planted(Struct, frozen=True, kw_only=True):
    """A plugin that a user would install: put into the home of a ready controller."""

    archive: str  # file name such as ``jbuild-probe.jpi``
    content: bytes  # small: it travels as an argument


class Trial(Struct, frozen=True, kw_only=True):
    """How an image is booted, and what is asked of it."""

    image: str  # reference or id
    controller: Controller
    memory: int  # bytes
    timeout_s: float
    paths: tuple[str, ...]  # HTTP paths to ask once the controller is ready, below the prefix
    files: tuple[str, ...] = ()  # absolute paths of files to read
    prefix: str = ""  # of all paths, such as ``/jenkins``
    casc: bytes | None = None  # the only document of CasC; None: as the image says
    is_read_only: bool = False  # nothing can be written but the home and /tmp
    planted: Planted | None = None
    connects: bool = False  # send a real agent
    known: tuple[str, ...] = ()  # HTTP paths to ask with a log-in, where there is one
    known_posts: tuple[str, ...] = ()  # the same, by POST
    scripts: tuple[str, ...] = ()  # Groovy for the script console, one after the other
    log_ins: tuple[LogIn, ...] = ()  # to try with a token server of ours beside it


class PortAnswer(Struct, frozen=True, kw_only=True):
    """What the agent port said to ``Protocol:Ping``."""

    port: int | None  # as advertised; None when no header named one
    reached: bool  # a connection was accepted
    answer: bytes = b""
    error: str | None = None


class InstalledPlugin(Struct, frozen=True, kw_only=True):
    """One name below the controller's ``plugins`` folder."""

    name: str  # without suffix
    archive: str | None  # file name such as ``git.hpi``; None: only an unpacked folder
    manifest: bytes | None  # of the unpacked folder; None: not unpacked
    disabled: bool = False
    size: int | None = None  # of the archive, in bytes
    head: bytes = b""  # of the archive, at most 16 bytes


class Stopped(Struct, frozen=True, kw_only=True):
    """How a controller ended that was told to by SIGTERM."""

    after_s: float
    exit_code: int  # 137 where it had to be killed
    log: tuple[str, ...]  # its last lines


class Part(Enum):
    """What of a controller may be out of sight."""

    LOG = "log"
    FILES = "files"
    AGENT_PORT = "agent port"


class Observation(Struct, frozen=True, kw_only=True):
    """All that was seen of one boot."""

    ending: Ending
    ready_after_s: float | None
    exit_code: int | None
    oom_killed: bool
    peak_memory: int | None  # bytes
    log: tuple[str, ...]
    answers: tuple[Answer, ...]
    agent_port: PortAnswer | None  # None: never asked
    plugins: tuple[InstalledPlugin, ...] | None  # by name; None: could not be read
    agents: AgentTalk | None = None  # None: the port was not reached
    unwritable: tuple[str, ...] | None = None  # paths of the home; None: could not be read
    zombies: tuple[str, ...] | None = None  # that PID 1 left so; None: could not be read
    stopped: Stopped | None = None  # None: never told to end
    phases: tuple[Phase, ...] = ()  # in their order
    agent: AgentRun | None = None  # None: none was sent
    known: tuple[Answer, ...] | None = None  # to who has logged in; None: nobody has
    files: tuple[tuple[str, bytes | None], ...] = ()  # by path: the head, 64 KiB; None: no file
    scripts: tuple[tuple[str, Answer], ...] = ()  # what each script put out
    log_ins: tuple[LoggedIn, ...] | None = None  # None: none was tried
    unseen: tuple[tuple[Part, str], ...] = ()  # what was not looked at, and why

    def why_unseen(self, part: Part) -> str | None:
        """Say why a part was not looked at; None where it was."""
        return dict(self.unseen).get(part)

    def answer(self, path: str) -> Answer | None:
        """Look up what a path said; None where it was never asked."""
        return next((each for each in self.answers if each.path == path), None)

    def known_answer(self, path: str) -> Answer | None:
        """Look up what a path said to who has logged in; None where it was never asked."""
        return next((each for each in self.known or () if each.path == path), None)


class Retrial(Struct, frozen=True, kw_only=True):
    """What is tried of an image beyond its first boot."""

    restarts: bool = False
    connects: bool = False  # a real agent
    old_image: str | None = None  # whose home is taken over
    reviews: bool = False  # log-ins by token


ONCE = Retrial()


class Relived(Struct, frozen=True, kw_only=True):
    """What was seen beyond the first boot; None where it did not come to that."""

    retrial: Retrial = ONCE
    again: Observation | None = None  # the image, started again on its home
    old: Observation | None = None  # the old image
    new: Observation | None = None  # the image, on the home of the old one
    reviewed: Observation | None = None  # the image, with a token server of ours


class Report(Struct, frozen=True, kw_only=True):
    """All findings on one image."""

    image: str
    family: str
    version: Version
    ready_after_s: float | None
    peak_memory: int | None  # bytes
    findings: tuple[Finding, ...]  # in the order of the checks
    log_tail: tuple[str, ...] = ()  # the last 30 lines, where the boot failed

    @property
    def passed(self) -> bool:
        """Nothing failed, and something was looked at."""
        statuses = {each.status for each in self.findings}
        return Status.FAILED not in statuses and Status.PASSED in statuses


class Receipt(Struct, frozen=True, kw_only=True):
    """Proof of a run."""

    reference: str
    image_id: str
    platforms: tuple[str, ...]
    war_path: str
    war_digest: Digest
    war_size: int  # bytes
    lock_path: str
    lock_digest: Digest
    report: Report | None  # None: not verified
    stages: tuple[StageTime, ...]
    published: tuple[Published, ...] = ()  # in the order of the tags; empty: kept here
