"""``BaseImages``: registries by way of skopeo, the engine by what it saves, the rest by itself."""

import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder.adapters import engine_images, oci_parts, oci_read, oci_write
from builder.adapters.faults import disk_faults
from builder.adapters.oci_parts import Blob, Image
from builder.adapters.skopeo import Refused, Skopeo, tls
from builder.errors import ArchiveBroken, ImageUnavailable, OfflineMiss
from builder.image.reference import Reference
from builder.model.base_wishes import ArchiveBase, EngineBase, ImageBase, LayoutBase, RegistryBase
from builder.model.digest import Digest
from builder.model.lock import ImagePin
from builder.ports import Progress, Store, unheard


class CopiedImages:
    """The real ``BaseImages``.

    Args:
        store: where the archives go.
        docker_host: the address of the engine; None: as everywhere.
        offline: ask no registry.
        progress: hears how far a copy is.
        skopeo: how registries are asked; None: as usual.
    """

    def __init__(
        self,
        store: Store,
        *,
        docker_host: str | None = None,
        offline: bool = False,
        progress: Progress = unheard,
        skopeo: Skopeo | None = None,
    ) -> None:
        self._store = store
        self._docker_host = docker_host
        self._offline = offline
        self._skopeo = skopeo or Skopeo(progress=progress)

    def bring(
        self,
        wished: ImageBase,
        folder: Path,
        *,
        platform: str | None = None,
        manifest: Digest | None = None,
    ) -> ImagePin:
        """Find the image, then write it into the store as an archive."""
        if self._offline and isinstance(wished, RegistryBase):
            raise OfflineMiss(wanted=(f"the image {wished.reference}",))
        ask = _Ask(platform=platform, manifest=manifest)
        with self._store.scratch() as scratch, _faults(wished), disk_faults(scratch):
            image = self._image(wished, folder, scratch, ask)
            target = scratch / "base.tar"
            oci_write.archive(target, (image,))
            stored = self._store.adopt(target)
        return ImagePin(
            platform=image.platform,
            wished=wished.named,
            manifest=image.manifest.digest,
            digest=stored.digest,
            size=stored.size,
        )

    def _image(self, wished: ImageBase, folder: Path, scratch: Path, ask: "_Ask") -> Image:
        parts = scratch / "parts"
        parts.mkdir()
        match wished:
            case RegistryBase():
                return self._of_registry(Reference.parse(wished.reference), parts, ask)
            case LayoutBase():
                return _on_disk(
                    lambda: oci_read.layout(folder / wished.path).image(ask.platform, ask.manifest)
                )
            case ArchiveBase():
                archive = folder / wished.path
            case EngineBase():
                archive = scratch / "saved.tar"
                engine_images.save(self._docker_host, wished.reference, archive)
        return _on_disk(lambda: oci_read.archive(archive, parts).image(ask.platform, ask.manifest))

    def _of_registry(self, wished: Reference, parts: Path, ask: "_Ask") -> Image:
        """Follow the name to a manifest, then copy exactly that one."""
        named = f"{wished.repository}:{wished.tag or 'latest'}"
        wanted = ask.manifest or wished.digest
        asked = f"{wished.repository}@{wanted}" if wanted else named
        content = self._skopeo.raw(asked, parts)
        if wanted and Digest.of(content) != wanted:
            fault = f"the registry gives another image for {wanted}"
            raise ValueError(fault)
        media_type = oci_parts.media_type_of(content)
        if media_type in oci_parts.INDEXES:
            chosen = oci_parts.choose(
                oci_parts.choices(oci_parts.document_of(content)), ask.platform
            )
            one = replace(ask, manifest=chosen.digest)
            return self._of_registry(wished, parts, one)
        exact = f"{wished.repository}@{Digest.of(content)}"
        copied = parts / "copied"
        flags = tls("--src-tls-verify", exact)
        self._skopeo.run(("copy", *flags, f"docker://{exact}", f"dir:{copied}"), parts)
        kept = Blob.of((copied / "manifest.json").read_bytes())
        return oci_read.image_in(kept, media_type, oci_read.blobs_in(copied), ask.platform)


class _Ask(Struct, frozen=True, kw_only=True):
    """Which of the images of a name is meant."""

    platform: str | None
    manifest: Digest | None


def _on_disk(find: Callable[[], Image]) -> Image:
    """Tell what the formula names badly from a disk that is full."""
    try:
        return find()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as fault:
        said = f"{fault.filename}: {fault.strerror}"
        raise ValueError(said) from fault


@contextmanager
def _faults(wished: ImageBase) -> Iterator[None]:
    """Say which base it is that cannot be had."""
    try:
        yield
    except Refused as fault:
        raise ImageUnavailable(image=wished.named, said=fault.said) from fault
    except ArchiveBroken as fault:
        raise ImageUnavailable(image=wished.named, said=(fault.fault,)) from fault
    except (ValueError, KeyError, tarfile.TarError) as fault:
        raise ImageUnavailable(image=wished.named, said=(str(fault),)) from fault
