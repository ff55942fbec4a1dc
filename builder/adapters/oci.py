"""``Engine`` without a daemon: jbuild writes the image itself.

It carries out what needs nothing to run (see ``image/dockerfile.py``). The same context on the same
base gives the same bytes everywhere; layers are kept in the store by what they are made of.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from builder.adapters import oci_base, oci_layers, oci_write
from builder.adapters.faults import disk_faults
from builder.adapters.oci_base import Base
from builder.adapters.oci_layers import Packing, Recipe
from builder.adapters.oci_load import DockerLoader
from builder.adapters.oci_parts import Image, Layer, image_of, own_platform, platform_of
from builder.adapters.store import FolderStore
from builder.errors import ArchiveBroken, BuildFailed, FormulaInvalid, PlatformsRefused
from builder.image import dockerfile, rootfs, settled
from builder.image.dockerfile import Instruction
from builder.image.rootfs import Copy, Entry, Owner, Rootfs
from builder.image.settled import Config
from builder.lock.record import Record
from builder.model.build import ImageContext, ImageRef
from builder.model.stored import StoredFile
from builder.ports import Progress, unheard

ARCHIVE = ".tar"
"""How an output ends that is to be one file."""


class OciEngine:
    """The ``Engine`` of our own.

    Args:
        store: where layers are kept.
        output: a folder for an OCI layout, or a file ``*.tar`` for a docker-archive.
        packing: of the layers of a layout.
        loader: the container engine that is to have the image, too.
        progress: hears how many layers are there.
    """

    def __init__(
        self,
        store: FolderStore,
        *,
        output: Path | None = None,
        packing: Packing = Packing.NONE,
        loader: DockerLoader | None = None,
        progress: Progress = unheard,
    ) -> None:
        self._store = store
        self._output = output
        self._packing = packing
        self._loader = loader
        self._progress = progress
        self._bases: dict[tuple[str, str | None], StoredFile] = {}

    def require(self, platforms: tuple[str, ...]) -> None:
        """Take any; several need a layout, and what an engine is to run has to be among them."""
        fault = way = ""
        if len(platforms) > 1 and (self._output is None or self._is_archive):
            fault = "only an OCI layout holds several"
            way = "name a folder with --output"
        elif self._loader and platforms and own_platform() not in platforms:
            fault = f"none is for {own_platform()}, so the engine here has none to boot"
            way = "leave the boot out with --no-verify, and name a folder with --output"
        if fault:
            raise PlatformsRefused(platforms=platforms, fault=fault, way=way)

    def import_base(self, base: StoredFile, reference: str, platform: str | None = None) -> None:
        """Remember which file FROM means."""
        self._bases[reference, platform] = base

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Carry the Dockerfile out, write what is wanted, tag what came of it."""
        self.require(context.platforms)
        _require_files(context)
        made = {each: self._carry_out(context, each) for each in context.platforms}
        packing = Packing.NONE if self._is_archive or not self._output else self._packing
        images = {platform: self._image(each, packing) for platform, each in made.items()}
        first, *others = images
        own = own_platform() if others and own_platform() in images else first
        if self._output and self._is_archive:
            with disk_faults(self._output):
                oci_write.whole_or_not(self._output, oci_write.docker_archive(images[own], tags))
        elif self._output:
            oci_write.layout(self._output, tuple(images.values()), tags)
        if self._loader:
            plain = images[own] if packing is Packing.NONE else self._image(made[own], Packing.NONE)
            self._loader.load(plain, made[own].base_reference, tags)
        return ImageRef(reference=tags[0], id=images[own].id)

    @property
    def _is_archive(self) -> bool:
        return self._output is not None and self._output.suffix == ARCHIVE

    def _carry_out(self, context: ImageContext, platform: str) -> "_Made":
        """Follow the instructions; nothing is written yet."""
        try:
            first, *steps = dockerfile.parse(context.dockerfile)
        except FormulaInvalid as refused:
            said = tuple(f"{e.place}: found {e.found}, wanted {e.wanted}" for e in refused.problems)
            raise BuildFailed(step=refused.problems[0].found, said=said) from refused
        with _told(first, len(steps) + 1):
            (reference,) = settled.operands(first, {})
            named = ((reference, each) for each in (platform, None))
            file = next((self._bases[each] for each in named if each in self._bases), None)
            if file is None:
                fault = f"no such base: {reference}"
                raise ValueError(fault)
        base = oci_base.read(self._store, file, platform)
        made = _Made(reference, base)
        for number, step in enumerate(steps, start=2):
            with _told(step, len(steps) + 1, number):
                made.take(step, context)
        return made

    def _image(self, made: "_Made", packing: Packing) -> Image:
        """Bring every layer into the store and describe the image."""
        own = made.base.own
        below = self._layers((Recipe(tar=own),), packing) if own else made.base.layers
        layers = (*below, *self._layers(tuple(made.recipes), packing))
        diff_ids = tuple(str(each.diff_id) for each in layers)
        history = tuple(made.history)
        about = made.base.about
        config = settled.document(about, made.config, diff_ids, history)
        return image_of(config, layers, platform_of(Record(about, "")))

    def _layers(self, recipes: tuple[Recipe, ...], packing: Packing) -> tuple[Layer, ...]:
        """Look every layer up, and write what is missing, so many at once as there are processors.

        Reading, writing, packing and digests let other threads go on.
        """
        found = {each.key: oci_layers.find(self._store, each, packing) for each in recipes}
        missing = {each.key: each for each in recipes if found[each.key] is None}
        done = 0
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = pool.map(
                lambda each: oci_layers.write(self._store, each, packing), missing.values()
            )
            for key, layer in zip(missing, made, strict=True):
                found[key] = layer
                done += 1
                self._progress(done, len(missing), "layers")
        layers = (found[each.key] for each in recipes)
        return tuple(each for each in layers if each)


class _Made:
    """An image in the making."""

    def __init__(self, base_reference: str, base: Base) -> None:
        said = base.about.get("config")
        self.base_reference = base_reference
        self.base = base
        self.config: Config = settled.of_base(said if isinstance(said, dict) else {})
        self.recipes: list[Recipe] = []
        self.history: list[tuple[str, bool]] = []
        self._rootfs: Rootfs = base.rootfs
        self._own_command = False

    def take(self, step: Instruction, context: ImageContext) -> None:
        """Carry one instruction out.

        Raises:
            LookupError: the context has no such file.
            ValueError: the operands cannot be what they would have to be.
        """
        entries: list[Entry] = []
        if step.word == "COPY":
            self._rootfs, entries = rootfs.copied(self._rootfs, context.files, self._copy(step))
        else:
            self.config = settled.after(self.config, step, own_command=self._own_command)
            self._own_command = self._own_command or step.word == "CMD"
        if step.word == "WORKDIR":
            self._rootfs, entries = rootfs.made(self._rootfs, settled.workdir(self.config))
        if entries:
            self.recipes.append(Recipe(entries=tuple(entries)))
        self.history.append((f"{step.word} {step.text}", bool(entries)))

    def _copy(self, step: Instruction) -> Copy:
        *sources, target = settled.operands(step, self.config)
        owner = dict(step.flags).get("chown")
        return Copy(
            sources=tuple(sources),
            target=settled.workdir(self.config) / target,
            into=target.endswith("/"),
            owner=Owner.parse(owner) if owner else Owner(),
        )


@contextmanager
def _told(step: Instruction, total: int, number: int = 1) -> Iterator[None]:
    """Name the step in whatever goes wrong in it.

    Raises:
        BuildFailed: with the line.
    """
    try:
        yield
    except (LookupError, ValueError) as fault:
        name = f"Step {number}/{total} : {step.word} {step.text}"
        cause = "no such file in the context: " if isinstance(fault, LookupError) else ""
        line = f"{dockerfile.NAME}:{step.line}: {cause}{fault.args[0] if fault.args else fault}"
        raise BuildFailed(step=name, said=(line,)) from fault


def _require_files(context: ImageContext) -> None:
    """Miss a file before anything is written, also one that nothing copies.

    Raises:
        ArchiveBroken: it cannot be read.
    """
    for each in context.files:
        if isinstance(each.source, Path) and not each.source.is_file():
            raise ArchiveBroken(path=each.source, fault="it is gone")
