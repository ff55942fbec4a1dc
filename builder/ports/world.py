"""All of it in one hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from builder.ports.files import Archives, Store, Workspace
    from builder.ports.images import Booter, Engine, Judges, Registry, Visitor
    from builder.ports.progress import Stages
    from builder.ports.sources import Artifacts, BaseImages, Bases, Builds, Documents, Downloads


class World(Protocol):
    """All that the pipeline is handed. ``builder.world.real`` makes the real one."""

    @property
    def store(self) -> Store:
        """Where files are kept."""

    @property
    def artifacts(self) -> Artifacts:
        """Where files by Maven coordinates come from."""

    @property
    def documents(self) -> Documents:
        """Where small documents come from."""

    @property
    def downloads(self) -> Downloads:
        """Where the files of mirrors come from."""

    @property
    def bases(self) -> Bases:
        """Where bases come from."""

    @property
    def base_images(self) -> BaseImages:
        """Where bases come from that are images already."""

    @property
    def builds(self) -> Builds:
        """Where files come from that are built from their sources."""

    @property
    def archives(self) -> Archives:
        """What reads and writes archives."""

    @property
    def engine(self) -> Engine:
        """What builds images."""

    @property
    def booter(self) -> Booter:
        """What boots them."""

    @property
    def visitor(self) -> Visitor:
        """What looks at controllers that run already."""

    @property
    def judges(self) -> Judges:
        """Checks that installed packages bring."""

    @property
    def registry(self) -> Registry:
        """Where images are published."""

    @property
    def workspace(self) -> Workspace:
        """Where the user's own files are."""

    @property
    def stages(self) -> Stages:
        """What times the run."""
