"""Made-up observations of boots, for the tests of the judge."""

from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from builder.model.agents import AgentTalk, Handshake, Spoken
from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import TrialWishes
from builder.model.lock import CorePin, InputPin, Lock, Pin, PinKind
from builder.model.plugin import PluginId, Trust
from builder.model.report import (
    Ending,
    Finding,
    InstalledPlugin,
    Observation,
    PortAnswer,
    Report,
    Status,
)
from builder.verify import expect, trial
from builder.verify.judge import judge
from builder.version import Version

EMPTY = Digest.of(b"")
LOGS = Path(__file__).parent / "logs"
ARCHIVE_SIZE = 1000


def pin(plugin: str, version: str) -> Pin:
    return Pin(
        plugin=PluginId(plugin),
        version=Version(version),
        kind=PinKind.WISH,
        origin=PurePosixPath(f"{plugin}.hpi"),
        digest=EMPTY,
        size=ARCHIVE_SIZE,
        trust=Trust.FIRST_USE,
        required_core=None,
        dependencies=(),
        why=(),
    )


def locked(*, family: Family = Family.HUDSON, core: str = "3.3.2") -> Lock:
    return Lock(
        fingerprint=EMPTY,
        core=CorePin(
            family=family,
            version=Version(core),
            origin=PurePosixPath("war"),
            digest=EMPTY,
            size=1,
            trust=Trust.FIRST_USE,
        ),
        plugins=(pin("a", "1.0"), pin("b", "2.0")),
        bases=(),
        inputs=tuple(
            InputPin(path=PurePosixPath(path), digest=EMPTY)
            for path in ("init.groovy.d/10-message.groovy", "init.groovy.d/readme.txt", "casc/x")
        ),
    )


def installed(name: str, version: str, *more: str) -> InstalledPlugin:
    lines = (f"Short-Name: {name}", f"Plugin-Version: {version}", *more, "")
    return InstalledPlugin(
        name=name,
        archive=f"{name}.hpi",
        manifest="\r\n".join(lines).encode(),
        size=ARCHIVE_SIZE,
        head=b"PK\x03\x04",
    )


A = installed("a", "1.0", "Plugin-Dependencies: b:2.0,c:9;resolution:=optional")
B = installed("b", "2.0", "Hudson-Version: 1.554")
ROOT = Answer(path="/", status=200, headers=(("x-hudson", "3.3.2"),))
API = Answer(path="/api/json", status=200, body=b'{"mode": "NORMAL"}')
LISTENER = Answer(
    path="/tcpSlaveAgentListener/", status=200, headers=(("X-Hudson-JNLP-Port", "50000"),)
)
HUDSON_TALK = AgentTalk(
    page=Spoken(error="none"),
    nonsense=Spoken(answer=b"Unknown protocol:Protocol:Nope\n"),
    handshake=Handshake(protocol="JNLP2-connect", greeting=b"Unauthorized access\n"),
)
SHUT = tuple(Answer(path=each, status=403) for each in ("/systemInfo", "/script", "/scriptText"))
GOOD = Observation(
    ending=Ending.READY,
    ready_after_s=4.25,
    exit_code=None,
    oom_killed=False,
    peak_memory=300 * 1024**2,
    log=tuple((LOGS / "hudson-good.log").read_text().splitlines()),
    answers=(ROOT, API, LISTENER, *SHUT),
    agent_port=PortAnswer(port=50000, reached=True, answer=b"Unknown protocol:Protocol:Ping\n"),
    plugins=(A, B),
    agents=HUDSON_TALK,
    unwritable=(),
    zombies=(),
)
WISHES = TrialWishes(memory=512 * 1024**2, timeout_s=90)
TRIAL = trial("image:1", locked(), WISHES)
EXPECTED = expect(locked(), TRIAL)
NOT_READY = replace(GOOD, ending=Ending.TIMED_OUT, ready_after_s=None, log=GOOD.log[:20])


def judged(seen: Observation, lock: Lock | None = None) -> Report:
    lock = lock or locked()
    return judge(expect(lock, trial("image:1", lock, WISHES)), seen)


def finding(report: Report, check: str) -> Finding:
    return next(each for each in report.findings if each.check.id == check)


def only_failure(seen: Observation, lock: Lock | None = None) -> Finding:
    report = judged(seen, lock)
    (failure,) = (each for each in report.findings if each.status is Status.FAILED)
    assert not report.passed
    return failure


def with_plugins(*plugins: InstalledPlugin) -> Observation:
    return replace(GOOD, plugins=plugins)


def with_answer(answer: Answer) -> Observation:
    kept = (each for each in GOOD.answers if each.path != answer.path)
    return replace(GOOD, answers=(*kept, answer))
