"""What builds images and what boots them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from builder.model.build import BakeTarget, ImageContext, ImageRef
    from builder.model.digest import Digest
    from builder.model.publish import Built, Identity, Tagged, Target
    from builder.model.report import Finding, Observation, Trial
    from builder.model.stored import StoredFile


class Engine(Protocol):
    """Builds images."""

    def require(self, platforms: tuple[str, ...]) -> None:
        """Refuse platforms that it does not build for, before anything is done.

        Args:
            platforms: such as ``linux/arm64``; empty: that of this machine.

        Raises:
            PlatformsRefused: it does not, or not for all of them at once.
        """

    def import_base(self, base: StoredFile, reference: str, platform: str | None = None) -> None:
        """Make ``reference`` out of a base's tar, once per digest.

        The tar holds a root file system, or is an OCI archive: then its first entry is
        ``oci-layout``, and variables, user and the rest of the image's config come along.

        Args:
            base: the tar.
            reference: what FROM names.
            platform: for which of the context's it is; None: for any.

        Raises:
            EngineUnreachable: no engine answers.
        """

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Build and keep the image under every tag; the first names the result.

        Raises:
            EngineUnreachable: no engine answers.
            BuildFailed: a step failed.
        """


class Baker(Protocol):
    """Builds many images at once."""

    def bake(self, targets: tuple[BakeTarget, ...]) -> tuple[ImageRef, ...]:
        """Build and keep every image, or tell which one failed.

        Raises:
            EngineUnreachable: no builder answers.
            BuildFailed: a step failed; it names its target.
        """


class Booter(Protocol):
    """Boots an image and looks at it."""

    def observe(self, trial: Trial) -> Observation:
        """Boot, wait, look, and leave nothing behind, whatever happens.

        Raises:
            EngineUnreachable: no engine answers.
            ImageMissing: there is no such image.
            BuildFailed: the engine refuses to start it.
        """

    def relive(self, trials: tuple[Trial, ...]) -> tuple[Observation, ...]:
        """Boot one after the other on one home, and leave nothing behind either.

        Each but the last is told to end once it was looked at. The observations end with the
        first controller that is not ready.

        Raises:
            As ``observe``.
        """


class Visitor(Protocol):
    """Looks at a controller that runs already, and changes nothing."""

    def visit(self, trial: Trial) -> Observation:
        """Ask what a trial asks, once, of the place that it names as its image.

        Args:
            trial: its ``image`` is ``container:NAME``, or a URL of http or https; of a URL only
                what can be known from outside is seen.

        Raises:
            EngineUnreachable: it is a container, and no engine answers.
            ContainerMissing: there is no such container, or it does not run.
        """


class Judges(Protocol):
    """Checks that installed packages bring."""

    def judge(self, seen: Observation) -> tuple[Finding, ...]:
        """Give what they find; one that breaks is a finding, too."""


class Registry(Protocol):
    """Where images are published: any registry, as Docker's config lets this user in."""

    def identify(self, built: Built) -> Identity:
        """Tell by what an image of this machine is known again.

        Raises:
            ImageMissing: there is no such image.
            EngineUnreachable: it is the engine's, and none answers.
            ArchiveBroken: what lies there is no image.
        """

    def find(self, reference: str) -> Tagged | None:
        """Tell what a tag means; None where the registry does not have it.

        Raises:
            RegistryRefused: the registry refuses or cannot be reached, tried several times.
            ToolMissing: there is no skopeo.
        """

    def push(self, built: Built, target: Target) -> Digest:
        """Push, then ask what the tag means: that is the digest of what was pushed.

        Raises:
            RegistryRefused: the registry refuses or cannot be reached, tried several times, or
                keeps something else than it was sent.
            ToolMissing: there is no skopeo.
        """
