"""Registries in memory: a manifest is known by a digest that follows from the image's id."""

from builder.errors import ImageMissing, RegistryRefused
from builder.model.digest import Digest
from builder.model.publish import Built, Identity, Tagged, Target
from tests.fakes.engine import FakeEngine


class FakeRegistry:
    """A ``Registry`` for what the engine has; ``closed`` are the hosts that refuse."""

    def __init__(self, engine: FakeEngine, *, closed: tuple[str, ...] = ()) -> None:
        self._engine = engine
        self._closed = closed
        self.tags: dict[str, Tagged] = {}

    def identify(self, built: Built) -> Identity:
        """Look the image up."""
        return Identity(manifest=None, config=self._id(built), platforms=("linux/amd64",))

    def find(self, reference: str) -> Tagged | None:
        """Look the tag up."""
        self._answer(reference)
        return self.tags.get(reference)

    def push(self, built: Built, target: Target) -> Digest:
        """Keep it."""
        self._answer(target.reference)
        config = self._id(built)
        manifest = Digest.of(config.hex.encode())
        self.tags[target.reference] = Tagged(manifest=manifest, configs=(config,))
        return manifest

    def _id(self, built: Built) -> Digest:
        known = self._engine.images.get(built.name, built.name)
        if known not in self._engine.images.values():
            raise ImageMissing(reference=built.name)
        return Digest.parse(known)

    def _answer(self, reference: str) -> None:
        if reference.partition("/")[0] in self._closed:
            raise RegistryRefused(reference=reference, said=("unauthorized",))
