"""A whole world of fakes around a real store: what the story page is handed in tests."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder.adapters.archive import ZipArchives
from builder.adapters.base_images import CopiedImages
from builder.adapters.builds import GitBuilds
from builder.adapters.stages import TimedStages
from builder.adapters.store import FolderStore
from builder.adapters.workspace import FolderWorkspace
from builder.cli.progress import Quiet
from builder.model.agents import AgentTalk, Handshake, Spoken
from builder.model.answer import Answer
from builder.model.build import ContextFile
from builder.model.controller import AGENT_PORT, HOME, HUDSON
from builder.model.report import Ending, Finding, InstalledPlugin, Observation, PortAnswer, Trial
from builder.ports import (
    Archives,
    Artifacts,
    BaseImages,
    Bases,
    Booter,
    Builds,
    Documents,
    Downloads,
    Engine,
    Judges,
    Registry,
    Stages,
    Store,
    Visitor,
    Workspace,
)
from tests.fakes.artifacts import FakeArtifacts
from tests.fakes.bases import FakeBases
from tests.fakes.booter import relived
from tests.fakes.documents import FakeDocuments
from tests.fakes.downloads import FakeDownloads
from tests.fakes.engine import FakeEngine
from tests.fakes.registry import FakeRegistry

_RECORD = "Nov 23, 2026 2:24:56 PM hudson.model.Hudson run"


class NoJudges:
    """No package brings a check."""

    def judge(self, _seen: Observation) -> tuple[Finding, ...]:
        """Find nothing."""
        return ()


@dataclass(frozen=True, kw_only=True)
class ContextBooter:
    """Behaves as a Hudson that loads whatever the last image context holds."""

    engine: FakeEngine

    def visit(self, trial: Trial) -> Observation:
        """Look at the same, as if somebody else had booted it."""
        return self.observe(trial)

    def observe(self, trial: Trial) -> Observation:
        """Make up a good boot of exactly those files."""
        files = self.engine.contexts[-1].files
        hooks = [each.name.name for each in files if each.name.match("ref/init.groovy.d/*.groovy")]
        executed = (
            line
            for name in hooks
            for line in (_RECORD, f"INFO: Executing {HOME}/init.groovy.d/{name}")
        )
        plugins = [each for each in files if each.name.match("ref/plugins/*.hpi")]
        return Observation(
            ending=Ending.READY,
            ready_after_s=1.5,
            exit_code=None,
            oom_killed=False,
            peak_memory=100_000_000,
            log=(*executed, _RECORD, f"INFO: {HUDSON.ready_line}"),
            answers=tuple(_answer(path) for path in (*trial.paths, "/tcpSlaveAgentListener/")),
            agent_port=PortAnswer(port=AGENT_PORT, reached=True, answer=HUDSON.ping_answer + b"\n"),
            plugins=tuple(_installed(each) for each in plugins),
            agents=_TALK,
            unwritable=(),
            zombies=(),
        )

    def relive(self, trials: tuple[Trial, ...]) -> tuple[Observation, ...]:
        """Boot them on one home: what one trial plants, the later ones hold."""
        seen, planted = [], list[InstalledPlugin]()
        for trial, once in zip(trials, relived(self.observe, trials), strict=True):
            seen.append(replace(once, plugins=(*(once.plugins or ()), *planted)))
            if trial.planted:
                name, content = trial.planted.archive, trial.planted.content
                planted.append(_unpacked(PurePosixPath(name), content))
        return tuple(seen)


_TALK = AgentTalk(
    page=Spoken(error="none"),
    nonsense=Spoken(answer=b"Unknown protocol:Protocol:Nope\n"),
    handshake=Handshake(protocol="JNLP2-connect", greeting=b"Unauthorized access\n"),
)


def _answer(path: str) -> Answer:
    headers = ((HUDSON.version_header, "3.3.2"), (HUDSON.port_header, str(AGENT_PORT)))
    body = b'{"description": null, "mode": "NORMAL"}' if "api/json" in path else b"<html/>"
    return Answer(path=path, status=200, headers=headers, body=body)


def _installed(file: ContextFile) -> InstalledPlugin:
    content = file.source.read_bytes() if isinstance(file.source, Path) else file.source or b""
    return _unpacked(file.name, content)


def _unpacked(name: PurePosixPath, content: bytes) -> InstalledPlugin:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        manifest = opened.read("META-INF/MANIFEST.MF")
    return InstalledPlugin(name=name.stem, archive=name.name, manifest=manifest)


class Gathered(Struct, frozen=True, kw_only=True):
    """A world out of what it is given."""

    store: Store
    artifacts: Artifacts
    documents: Documents
    downloads: Downloads
    bases: Bases
    base_images: BaseImages
    builds: Builds
    archives: Archives
    engine: Engine
    booter: Booter
    registry: Registry
    visitor: Visitor
    judges: Judges
    workspace: Workspace
    stages: Stages


@dataclass(frozen=True, kw_only=True)
class FakeWorld:
    """The world and the fakes inside it, for tests that look at them."""

    world: Gathered
    artifacts: FakeArtifacts
    documents: FakeDocuments
    downloads: FakeDownloads
    engine: FakeEngine


def fake_world(
    folder: Path,
    files: dict[str, bytes],
    *,
    web: dict[str, bytes] | None = None,
    offline: bool = False,
    suite: str = "1",
) -> FakeWorld:
    """Build a world.

    Args:
        folder: where the store lies.
        files: what Maven has, by ``group:artifact:version``.
        web: what servers have, by URL: documents, and files of mirrors.
        offline: nothing may be fetched.
        suite: the version of every package that the Debian archive has.
    """
    store = FolderStore(folder)
    artifacts = FakeArtifacts(store, files, offline=offline)
    documents = FakeDocuments(store, web or {}, offline=offline)
    downloads = FakeDownloads(store, web or {}, offline=offline)
    engine = FakeEngine()
    booter = ContextBooter(engine=engine)
    world = Gathered(
        store=store,
        artifacts=artifacts,
        documents=documents,
        downloads=downloads,
        bases=FakeBases(store, {"sid": {"tini": suite}}, offline=offline),
        base_images=CopiedImages(store, offline=offline),
        builds=GitBuilds(store, offline=offline),
        archives=ZipArchives(),
        engine=engine,
        booter=booter,
        registry=FakeRegistry(engine),
        visitor=booter,
        judges=NoJudges(),
        workspace=FolderWorkspace(),
        stages=TimedStages(Quiet(), now_s=lambda: 0.0),
    )
    return FakeWorld(
        world=world, artifacts=artifacts, documents=documents, downloads=downloads, engine=engine
    )
