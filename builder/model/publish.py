"""An image on its way to registries: where it lies, what a tag means there, what was pushed."""

from enum import Enum

from msgspec import Struct

from builder.model.digest import Digest


class Place(Enum):
    """Where an image lies before it is published; the values are skopeo's words."""

    ENGINE = "docker-daemon"
    LAYOUT = "oci"
    OCI_ARCHIVE = "oci-archive"
    DOCKER_ARCHIVE = "docker-archive"


class Built(Struct, frozen=True, kw_only=True):
    """An image that is there to be published."""

    place: Place
    name: str  # an id or reference of the engine's, else an absolute path


class Tagged(Struct, frozen=True, kw_only=True):
    """What a tag of a registry means."""

    manifest: Digest  # of the manifest or the index
    configs: tuple[Digest, ...]  # of the one image; empty for an index


class Identity(Struct, frozen=True, kw_only=True):
    """By what a built image is known again in a registry."""

    manifest: Digest | None  # None: it is packed on the way, so nobody knows yet
    config: Digest | None  # None: it is several images
    platforms: tuple[str, ...]  # ascending
    parts: tuple[Digest, ...] = ()  # the manifest of each platform's image, in their order

    def manifest_for(self, platform: str | None) -> Digest | None:
        """Give the manifest of one platform's image; of the whole where that is not known."""
        of_each = dict(zip(self.platforms, self.parts, strict=False))
        return of_each.get(platform, self.manifest) if platform else self.manifest


class Target(Struct, frozen=True, kw_only=True):
    """One tag that an image is to have."""

    reference: str  # such as ``registry.example/team/jenkins:1.0``
    platform: str | None = None  # the image for this one alone; None: all of them


class Published(Struct, frozen=True, kw_only=True):
    """One tag, and the manifest that it means now."""

    reference: str
    manifest: Digest
    was_there: bool  # it meant this before, and nothing was sent
