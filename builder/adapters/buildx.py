"""``Engine`` over ``docker buildx``: any builder it knows, local, remote or in Kubernetes.

The context is a folder of the store's scratch: BuildKit asks for what changed since the last build
and no more. A builder elsewhere has none of our images, so it gets the base as an OCI layout.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from builder.adapters import buildx_said, context_folder, oci_base, oci_write, process
from builder.adapters.engine import DockerEngine
from builder.errors import BuilderUnreachable, BuildFailed, PlatformsRefused, ToolMissing
from builder.image import bake
from builder.model.build import BakeTarget, ImageContext, ImageRef
from builder.model.stored import StoredFile
from builder.ports import Progress, Store, unheard
from builder.settings import Buildx

DOCKER = process.Program(command="docker", package="docker.io")
_NO_PLUGIN = ("is not a docker command", "unknown command: docker buildx")
_CREATED = "946684800"  # seconds: of images; the same inputs give the same image then


class Builder(Struct, frozen=True, kw_only=True):
    """What buildx says of a builder."""

    name: str
    driver: str  # such as ``docker``, ``remote`` or ``kubernetes``

    @property
    def has_our_images(self) -> bool:
        """Tell whether it is the engine itself."""
        return self.driver == "docker"


class BuildxEngine:
    """The ``Engine`` that asks ``docker buildx``; images are loaded into the container engine.

    Args:
        store: lends the folder that a context is written to.
        wishes: which builder, and its caches.
        docker_host: the container engine that boots what was built; None: the usual one.
        progress: hears of every step.
    """

    def __init__(
        self,
        store: Store,
        wishes: Buildx,
        docker_host: str | None = None,
        *,
        progress: Progress = unheard,
    ) -> None:
        self._store = store
        self._wishes = wishes
        self._docker_host = docker_host
        self._progress = progress
        self._bases: dict[str, StoredFile] = {}  # by reference

    def require(self, platforms: tuple[str, ...]) -> None:
        """Take one platform, whichever it is: an image that is loaded is for one."""
        if len(platforms) > 1:
            raise PlatformsRefused(
                platforms=platforms,
                fault="what buildx loads into the engine is for one platform",
                way="build with `--engine oci --output FOLDER`, or name one platform",
            )

    def import_base(self, base: StoredFile, reference: str, platform: str | None = None) -> None:
        """Import it where the builder is the engine itself, else keep it for the build."""
        if self.builder().has_our_images:
            DockerEngine(self._docker_host).import_base(base, reference, platform)
        else:
            self._bases[reference] = base

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Write the context down, have it built, and read what came of it."""
        self.builder()
        (platform,) = context.platforms
        with self._store.scratch() as scratch:
            # BuildKit knows the files of the last build by the name of their folder.
            folder = scratch / f"jbuild-{tags[0].rpartition('/')[2].partition(':')[0]}"
            folder.mkdir()
            context_folder.write(folder, bake.listed(context))
            told = scratch / "told.json"
            arguments = (
                *("build", "--progress", "plain", "--load", "--provenance", "false"),
                *("--platform", platform, "--metadata-file", str(told)),
                *(part for tag in tags for part in ("--tag", tag)),
                *self.base_arguments(scratch, platform),
                *(part for each in self._wishes.cache_from for part in ("--cache-from", each)),
                *(part for each in self._wishes.cache_to for part in ("--cache-to", each)),
                *self.builder_arguments(),
                str(folder),
            )
            self.ask(arguments, scratch)
            return ImageRef(reference=tags[0], id=_id_in(json.loads(told.read_bytes())))

    def bake(self, targets: tuple[BakeTarget, ...]) -> tuple[ImageRef, ...]:
        """Build all images side by side, and load them; the first failure ends the rest."""
        self.builder()
        wishes = self._wishes
        with self._store.scratch() as scratch:
            context_folder.write(scratch, bake.files(targets))
            told = scratch / "told.json"
            arguments = (
                *("bake", "--file", bake.FILE, "--progress", "plain", "--load"),
                *("--provenance", "false", "--metadata-file", str(told)),
                *(part for e in wishes.cache_from for part in ("--set", f"*.cache-from={e}")),
                *(part for e in wishes.cache_to for part in ("--set", f"*.cache-to={e}")),
                *self.builder_arguments(),
            )
            self.ask(arguments, scratch)
            facts = json.loads(told.read_bytes())
            return tuple(
                ImageRef(reference=each.tags[0], id=_id_in(facts[each.name])) for each in targets
            )

    def base_arguments(self, scratch: Path, platform: str) -> tuple[str, ...]:
        """Lay out every base that the builder cannot know, and name it to the build."""
        found: list[str] = []
        for number, (reference, base) in enumerate(self._bases.items()):
            layout = scratch / f"base-{number}"
            image = oci_base.image_of(base, platform)
            digest = oci_write.layout(layout, (image,), link=True)
            found += ("--build-context", f"{reference}=oci-layout://{layout}@{digest}")
        return tuple(found)

    def builder(self) -> Builder:
        """Look at the builder before it is given anything.

        Raises:
            ToolMissing: no docker, or docker without buildx.
            BuilderUnreachable: there is no such builder, or it does not answer.
        """
        name = self._wishes.builder or ""
        done = self._run(("inspect", *((name,) if name else ())), Path.cwd())
        if any(words in line for line in done.lines for words in _NO_PLUGIN):
            raise ToolMissing(tool="docker buildx", package="docker-buildx")
        facts = buildx_said.facts(done.lines)
        known = facts.get("Name", name)
        fault = facts.get("Error") or (buildx_said.last(done.lines) if done.code else "")
        if facts.get("Driver") == "remote" and facts.get("Status") == "inactive":
            fault = f"nobody answers at {facts.get('Endpoint')}"
        if fault:
            raise BuilderUnreachable(address=known, said=process.redacted(fault))
        return Builder(name=known, driver=facts.get("Driver", ""))

    def builder_arguments(self) -> tuple[str, ...]:
        """Name the builder; without a name buildx takes its current one."""
        return ("--builder", self._wishes.builder) if self._wishes.builder else ()

    def ask(self, arguments: tuple[str, ...], folder: Path) -> None:
        """Have something built.

        Raises:
            BuilderUnreachable: the builder does not answer.
            BuildFailed: a step failed.
        """
        done = self._run(arguments, folder)
        if done.code == 0:
            return
        lines = tuple(process.redacted(each) for each in done.lines)
        failure = buildx_said.failure(lines)
        if failure.unreachable:
            name = self._wishes.builder or "default"
            raise BuilderUnreachable(address=name, said=buildx_said.last(lines))
        raise BuildFailed(step=failure.step, said=failure.said)

    def _run(self, arguments: tuple[str, ...], folder: Path) -> process.Finished:
        environment = {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", _CREATED)}
        if self._docker_host:
            environment["DOCKER_HOST"] = self._docker_host
        return process.run(
            DOCKER,
            ("buildx", *arguments),
            folder=folder,
            environment=environment,
            hear=self._heard,
        )

    def _heard(self, line: str) -> None:
        if step := buildx_said.step(line):
            self._progress(*step, "steps")


def _id_in(facts: Mapping[str, object]) -> str:
    """Read the image's id; an old engine calls it the digest of the image."""
    return str(facts.get("containerimage.config.digest") or facts["containerimage.digest"])
