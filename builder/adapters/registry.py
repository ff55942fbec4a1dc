"""``Registry``: what the engine built is pushed by the engine, all else by skopeo.

The engine knows which layers a registry has and sends only the rest; from outside each push would
pack all of them again.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from builder.adapters import engine_images, oci_parts, published_layout
from builder.adapters.faults import disk_faults
from builder.adapters.skopeo import Refused, Skopeo, tls
from builder.errors import ArchiveBroken, RegistryRefused
from builder.model.digest import Digest
from builder.model.publish import Built, Identity, Place, Tagged, Target
from builder.ports import Progress, unheard

if TYPE_CHECKING:
    from builder.ports import Store


class SkopeoRegistry:
    """The real ``Registry``.

    Args:
        store: lends scratch folders.
        docker_host: the address of the engine; None: as everywhere.
        progress: hears how far a push is.
        skopeo: how registries are asked; None: as usual.
    """

    def __init__(
        self,
        store: "Store",
        *,
        docker_host: str | None = None,
        progress: Progress = unheard,
        skopeo: Skopeo | None = None,
    ) -> None:
        self._store = store
        self._docker_host = docker_host
        self._progress = progress
        self._skopeo = skopeo or Skopeo(progress=progress)

    def identify(self, built: Built) -> Identity:
        """Ask the engine, or read the archive."""
        if built.place is Place.ENGINE:
            return engine_images.identify(self._docker_host, built.name)
        with self._store.scratch() as folder, _on_disk(Path(built.name)):
            return published_layout.identify(built, folder)

    def find(self, reference: str) -> Tagged | None:
        """Look at the manifest of a tag."""
        with self._store.scratch() as folder:
            try:
                content = self._skopeo.raw(reference, folder)
            except Refused as fault:
                if fault.is_absent:
                    return None
                raise RegistryRefused(reference=reference, said=fault.said) from fault
        return Tagged(manifest=Digest.of(content), configs=_configs(content))

    def push(self, built: Built, target: Target) -> Digest:
        """Push, and look."""
        with (
            self._store.scratch() as folder,
            disk_faults(folder),
            _refusals(target.reference),
        ):
            if built.place is Place.ENGINE:
                sent = self._by_engine(built, target.reference)
            else:
                sent = self._by_skopeo(built, target, folder)
        there = self.find(target.reference)
        if there is None or there.manifest != sent:
            said = f"{sent} was pushed, and the tag means {there.manifest if there else 'nothing'}"
            raise RegistryRefused(reference=target.reference, said=(said,))
        return there.manifest

    def _by_engine(self, built: Built, reference: str) -> Digest:
        return self._skopeo.again(
            lambda: engine_images.push(self._docker_host, built.name, reference, self._progress)
        )

    def _by_skopeo(self, built: Built, target: Target, folder: Path) -> Digest:
        """Copy all images of an index, or the one for a platform; none is packed anew."""
        with _on_disk(Path(built.name)):
            whole = published_layout.with_one_entry(built, folder)
        answer = folder / "digest"
        which = ("--all",) if target.platform is None else ()
        flags = tls("--dest-tls-verify", target.reference)
        ends = (f"{whole.place.value}:{whole.name}", f"docker://{target.reference}")
        command = ("copy", *which, *flags, "--digestfile", str(answer), *ends)
        self._skopeo.run((*_overrides(target.platform), *command), folder)
        return Digest.parse(answer.read_text().strip())


def _overrides(platform: str | None) -> tuple[str, ...]:
    """Name the platform to skopeo, before its command."""
    if platform is None:
        return ()
    system, machine, *variant = platform.split("/")
    named = ("--override-os", system, "--override-arch", machine)
    return (*named, "--override-variant", variant[0]) if variant else named


def _configs(content: bytes) -> tuple[Digest, ...]:
    """Read the digest of the config out of a manifest; an index has none."""
    if oci_parts.media_type_of(content) not in oci_parts.MANIFESTS:
        return ()
    config = json.loads(content).get("config") or {}
    return (Digest.parse(str(config.get("digest"))),)


@contextmanager
def _refusals(reference: str) -> Iterator[None]:
    try:
        yield
    except Refused as fault:
        raise RegistryRefused(reference=reference, said=fault.said) from fault


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """Say what is wrong with an archive of this machine."""
    try:
        yield
    except (OSError, ValueError, LookupError) as fault:
        told = os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else ""
        raise ArchiveBroken(path=path, fault=told or str(fault)) from fault
