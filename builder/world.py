"""Builds the real ``World``; the only list of adapters.

Each is imported and made when something first asks for it: most commands want few of them, and
what speaks HTTP or to an engine takes longer to import than a whole ``jbuild resolve`` may run.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from builder.model.build import DELIVERY, Delivery
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
    Listener,
    Registry,
    Visitor,
    Workspace,
    World,
)
from builder.settings import BUILDX, OCI, Settings

if TYPE_CHECKING:
    from builder.adapters.http_client import Client
    from builder.adapters.stages import TimedStages
    from builder.adapters.store import FolderStore


def real(settings: Settings, listener: Listener, delivery: Delivery = DELIVERY) -> World:
    """Wire everything up; nothing is opened, started or imported yet."""
    return _Real(settings, listener, delivery)


class _Real:
    """Makes one adapter a property."""

    def __init__(self, settings: Settings, listener: Listener, delivery: Delivery) -> None:
        self._settings = settings
        self._delivery = delivery
        self._listener = listener

    @cached_property
    def store(self) -> "FolderStore":
        """Files below the user's cache folder."""
        from builder.adapters.store import FolderStore

        return FolderStore(self._settings.store)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Files by way of Maven."""
        from builder.adapters.maven import MavenArtifacts

        settings = self._settings
        return MavenArtifacts(
            self.store,
            command=settings.maven,
            offline=settings.offline,
            progress=self.stages.progress,
        )

    @cached_property
    def documents(self) -> Documents:
        """Documents over HTTP."""
        from builder.adapters.http_documents import HttpDocuments

        return HttpDocuments(self.store, self._client, offline=self._settings.offline)

    @cached_property
    def downloads(self) -> Downloads:
        """Files over HTTP."""
        from builder.adapters.http_downloads import HttpDownloads, Instead
        from builder.sources import mirrors

        chosen = mirrors.preferred(self._settings.mirrors)
        return HttpDownloads(
            self.store,
            self._client,
            offline=self._settings.offline,
            progress=self.stages.progress,
            instead=Instead(mirrors=chosen, public=mirrors.public()),
        )

    @cached_property
    def bases(self) -> Bases:
        """Bases out of a Debian archive."""
        from builder.adapters.debian import MmdebstrapBases

        settings = self._settings
        return MmdebstrapBases(
            self.store,
            mirror=settings.debian_mirror,
            offline=settings.offline,
            progress=self.stages.progress,
        )

    @cached_property
    def base_images(self) -> BaseImages:
        """Bases out of registries, archives and the engine."""
        from builder.adapters.base_images import CopiedImages

        settings = self._settings
        return CopiedImages(
            self.store,
            docker_host=settings.docker_host,
            offline=settings.offline,
            progress=self.stages.progress,
        )

    @cached_property
    def builds(self) -> Builds:
        """Files that commands leave, run on commits."""
        from builder.adapters.builds import GitBuilds

        settings = self._settings
        return GitBuilds(self.store, offline=settings.offline, progress=self.stages.progress)

    @cached_property
    def archives(self) -> Archives:
        """ZIP archives."""
        from builder.adapters.archive import ZipArchives

        return ZipArchives()

    @cached_property
    def engine(self) -> Engine:
        """What builds images: the container engine, a builder of buildx, or jbuild itself."""
        if self._settings.engine == BUILDX:
            from builder.adapters.buildx import BuildxEngine

            settings = self._settings
            return BuildxEngine(
                self.store, settings.buildx, settings.docker_host, progress=self.stages.progress
            )
        if self._settings.engine == OCI:
            return self._oci
        from builder.adapters.engine import DockerEngine

        return DockerEngine(self._settings.docker_host, progress=self.stages.progress)

    @cached_property
    def booter(self) -> Booter:
        """Containers of that engine."""
        from builder.adapters.boot import DockerBooter

        settings = self._settings
        return DockerBooter(docker_host=settings.docker_host, account=settings.account)

    @cached_property
    def visitor(self) -> Visitor:
        """Containers of that engine, and URLs."""
        from builder.adapters.visits import Visits

        settings = self._settings
        return Visits(
            docker_host=settings.docker_host, network=settings.network, account=settings.account
        )

    @cached_property
    def judges(self) -> Judges:
        """Those of the packages that are installed beside us."""
        from builder.adapters.entry_points import InstalledJudges

        return InstalledJudges()

    @cached_property
    def registry(self) -> Registry:
        """Registries, by way of the engine or of skopeo."""
        from builder.adapters.registry import SkopeoRegistry

        return SkopeoRegistry(
            self.store, docker_host=self._settings.docker_host, progress=self.stages.progress
        )

    @cached_property
    def workspace(self) -> Workspace:
        """The folder the user works in."""
        from builder.adapters.workspace import FolderWorkspace

        return FolderWorkspace()

    @cached_property
    def stages(self) -> "TimedStages":
        """The clock, and whoever listens."""
        from builder.adapters.stages import TimedStages

        return TimedStages(self._listener)

    @cached_property
    def _oci(self) -> Engine:
        from builder.adapters.oci import OciEngine
        from builder.adapters.oci_layers import Packing
        from builder.adapters.oci_load import DockerLoader

        wanted, progress = self._delivery, self.stages.progress
        loader = DockerLoader(self._settings.docker_host, progress=progress)
        return OciEngine(
            self.store,
            output=wanted.output,
            packing=Packing(wanted.packing),
            loader=loader if wanted.load else None,
            progress=progress,
        )

    @cached_property
    def _client(self) -> "Client":
        """One pool of connections for documents and files."""
        from builder.adapters.http_client import Client

        return Client(self._settings.network)
