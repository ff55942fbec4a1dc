"""Files, the WAR, the image and the plan that names them all before any is made."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.model.digest import Digest
from builder.model.formula import TrialWishes
from builder.model.lock import BasePin, CorePin, Lock, Pin
from builder.model.report import Check
from builder.model.stored import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Every file of a lock, in the store."""

    core: StoredFile
    plugins: tuple[StoredFile, ...]  # in the order of the lock's plugins
    base: StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class WarEntry:
    """One file that goes into the WAR beside what the core brings."""

    name: str  # such as ``WEB-INF/plugins/git.hpi``
    source: StoredFile | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WarPlan:
    """The WAR to be: the core's entries without ``dropped``, then ``added`` in order."""

    core: StoredFile
    added: tuple[WarEntry, ...]
    dropped: tuple[str, ...]  # entry names of the core that are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class War:
    """The finished controller archive."""

    path: Path
    digest: Digest
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFile:
    """One file of an image context; a folder where ``source`` is None."""

    name: PurePosixPath  # below the context's root
    source: Path | bytes | None
    mode: int
    time_s: int  # seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePlan:
    """The image to be, as far as it is known before a byte is fetched."""

    dockerfile: str
    base: BasePin
    base_reference: str  # the FROM of the Dockerfile, a local image made from the base's tar
    labels: tuple[tuple[str, str], ...]  # by name, ascending
    files: tuple[ContextFile, ...]  # texts and the formula's own files, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageContext:
    """The ordered files that go to the engine."""

    dockerfile: str
    files: tuple[ContextFile, ...]  # by name, ascending


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRef:
    """An image that exists: its name and the id that holds it still."""

    reference: str
    id: str  # ``sha256:...``


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every effect of a build, before any."""

    lock: Lock
    fetches: tuple[CorePin | Pin | BasePin, ...]  # what the store does not hold yet
    image: ImagePlan
    checks: tuple[Check, ...]
    tags: tuple[str, ...]  # never empty
    trial: TrialWishes
