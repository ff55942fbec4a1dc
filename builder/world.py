"""Builds the real ``World``; the only list of adapters."""

from builder.adapters.archive import ZipArchives
from builder.adapters.boot import DockerBooter
from builder.adapters.debian import MmdebstrapBases
from builder.adapters.engine import DockerEngine
from builder.adapters.http_client import Client
from builder.adapters.http_documents import HttpDocuments
from builder.adapters.http_downloads import HttpDownloads, Instead
from builder.adapters.maven import MavenArtifacts
from builder.adapters.stages import TimedStages
from builder.adapters.store import FolderStore
from builder.adapters.workspace import FolderWorkspace
from builder.ports import Listener, World
from builder.settings import Settings
from builder.sources import mirrors


def real(settings: Settings, listener: Listener) -> World:
    """Wire everything up; nothing is opened, started or imported late yet."""
    store, stages = FolderStore(settings.store), TimedStages(listener)
    client = Client(settings.network)
    return World(
        store=store,
        artifacts=MavenArtifacts(
            store, command=settings.maven, offline=settings.offline, progress=stages.progress
        ),
        documents=HttpDocuments(store, client, offline=settings.offline),
        downloads=HttpDownloads(
            store,
            client,
            offline=settings.offline,
            progress=stages.progress,
            instead=Instead(mirrors=mirrors.preferred(settings.mirrors), public=mirrors.public()),
        ),
        bases=MmdebstrapBases(
            store,
            mirror=settings.debian_mirror,
            offline=settings.offline,
            progress=stages.progress,
        ),
        archives=ZipArchives(),
        engine=DockerEngine(settings.docker_host, progress=stages.progress),
        booter=DockerBooter(docker_host=settings.docker_host),
        workspace=FolderWorkspace(),
        stages=stages,
    )
