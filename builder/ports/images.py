"""What builds images and what boots them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a promise is checked before a run, and costs it nothing
    from builder.model.build import ImageContext, ImageRef
    from builder.model.report import Observation, Trial
    from builder.model.stored import StoredFile


class Engine(Protocol):
    """Builds images."""

    def import_base(self, base: StoredFile, reference: str) -> None:
        """Make ``reference`` out of a base's tar, once per digest.

        The tar holds a root file system, or is an OCI archive: then its first entry is
        ``oci-layout``, and variables, user and the rest of the image's config come along.

        Raises:
            EngineUnreachable: no engine answers.
        """

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Build and keep the image under every tag; the first names the result.

        Raises:
            EngineUnreachable: no engine answers.
            BuildFailed: a step failed.
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
