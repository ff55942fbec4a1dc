"""``Artifacts`` out of memory: coordinates to bytes, kept in a real store."""

from collections.abc import Mapping

from builder.errors import ArtifactsMissing, OfflineMiss
from builder.model.formula import Repository
from builder.model.plugin import Coordinates
from builder.model.stored import StoredFile
from builder.ports import Store


class FakeArtifacts:
    """Speaks as Maven does; ``runs`` tells what each run was asked to download."""

    def __init__(self, store: Store, files: Mapping[str, bytes], *, offline: bool = False) -> None:
        self._store = store
        self.files = dict(files)
        self._offline = offline
        self.runs: list[tuple[Coordinates, ...]] = []

    def fetch(
        self,
        wanted: tuple[Coordinates, ...],
        repositories: tuple[Repository, ...],  # noqa: ARG002  # the port's signature
    ) -> tuple[StoredFile, ...]:
        """Give each file; remember it as the real one does."""
        missing = tuple(sorted(each for each in set(wanted) if self._find(each) is None))
        if missing and self._offline:
            raise OfflineMiss(wanted=tuple(str(each) for each in missing))
        if missing:
            self.runs.append(missing)
        absent = tuple(each for each in missing if str(each) not in self.files)
        if absent:
            said = f"Could not find artifact {absent[0]}"
            raise ArtifactsMissing(missing=absent, said=(said,))
        for each in missing:
            stored = self._store.add([self.files[str(each)]])
            self._store.remember(f"fake {each}", stored.digest)
        return tuple(file for each in wanted if (file := self._find(each)) is not None)

    def forget(self, unwanted: Coordinates) -> None:
        """Forget the digest."""
        self._store.forget(f"fake {unwanted}")

    def _find(self, wanted: Coordinates) -> StoredFile | None:
        digest = self._store.recall(f"fake {wanted}")
        return self._store.find(digest) if digest else None
