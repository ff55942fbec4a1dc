"""Files, the WAR, the image and the plan that names them all before any is made."""

from pathlib import Path, PurePosixPath

from msgspec import Struct

from builder.model.digest import Digest
from builder.model.formula import Layout, TrialWishes
from builder.model.lock import AnyBasePin, AnyPin, Lock
from builder.model.plugin import PluginId
from builder.model.report import Check
from builder.model.stored import StoredFile


class Files(Struct, frozen=True, kw_only=True):
    """Every file of a lock, in the store."""

    core: StoredFile
    plugins: tuple[StoredFile, ...]  # in the order of the lock's plugins
    bases: tuple[StoredFile, ...]  # in the order of the lock's
    libraries: tuple[StoredFile, ...] = ()  # in the order of the lock's


class WarEntry(Struct, frozen=True, kw_only=True):
    """One file that goes into the WAR beside what the core brings."""

    name: str  # such as ``WEB-INF/plugins/git.hpi``
    source: StoredFile | bytes


class WarPlan(Struct, frozen=True, kw_only=True):
    """The WAR to be: the core's entries without ``dropped``, then ``added`` in order."""

    core: StoredFile
    added: tuple[WarEntry, ...]
    dropped: tuple[str, ...]  # entry names of the core that are left out


class War(Struct, frozen=True, kw_only=True):
    """The finished controller archive."""

    path: Path
    digest: Digest
    size: int  # bytes


class ContextFile(Struct, frozen=True, kw_only=True):
    """One file of an image context; a folder where ``source`` is None."""

    name: PurePosixPath  # below the context's root
    source: Path | bytes | None
    mode: int
    time_s: int  # seconds since 1970
    digest: Digest | None = None  # of a file on disk, where it is known


class PluginLayer(Struct, frozen=True, kw_only=True):
    """Plugins that share a layer of the image, and a folder of its context."""

    name: str  # of the folder below ``plugins``
    plugins: tuple[PluginId, ...]  # by id, ascending


class ImagePlan(Struct, frozen=True, kw_only=True):
    """The image to be, as far as it is known before a byte is fetched."""

    dockerfile: str
    layout: Layout  # whether plugins lie beside the WAR
    bases: tuple[AnyBasePin, ...]  # one a platform, by platform
    base_reference: str  # the FROM of the Dockerfile, whichever platform it is built for
    labels: tuple[tuple[str, str], ...]  # by name, ascending
    files: tuple[ContextFile, ...]  # texts and the formula's own files, by name
    layers: tuple[PluginLayer, ...] = ()  # of plugins that lie beside the WAR


class ImageContext(Struct, frozen=True, kw_only=True):
    """The ordered files that go to the engine."""

    dockerfile: str
    files: tuple[ContextFile, ...]  # by name, ascending
    platforms: tuple[str, ...] = ("linux/amd64",)  # ascending; never empty


class BakeTarget(Struct, frozen=True, kw_only=True):
    """One image of a bake file."""

    name: str  # of the target, and of the folder of its context
    context: ImageContext  # that needs no image of any machine
    tags: tuple[str, ...]  # never empty


class ImageRef(Struct, frozen=True, kw_only=True):
    """An image that exists: its name and the id that holds it still."""

    reference: str
    id: str  # ``sha256:...``


PACKINGS = ("none", "gzip", "zstd")


class Delivery(Struct, frozen=True, kw_only=True):
    """What makes an image, and where it goes where that is jbuild itself."""

    engine: str | None = None  # None: what the settings say
    builder: str | None = None  # of buildx; None: likewise
    output: Path | None = None  # a folder: OCI layout; ``*.tar``: docker-archive
    packing: str = "none"  # of the layers of a layout: ``none``, ``gzip`` or ``zstd``
    load: bool = True  # into the container engine

    @property
    def named(self) -> dict[str, str]:
        """The settings that are given here instead."""
        settings = {"engine": self.engine, "builder": self.builder}
        return {name: value for name, value in settings.items() if value}


DELIVERY = Delivery()


class Plan(Struct, frozen=True, kw_only=True):
    """Every effect of a build, before any."""

    lock: Lock
    fetches: tuple[AnyPin, ...]  # what the store does not hold yet
    image: ImagePlan
    checks: tuple[Check, ...]
    tags: tuple[str, ...]  # never empty
    trial: TrialWishes
