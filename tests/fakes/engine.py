"""A container engine in memory: no layer is made, but an image follows from its context."""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.adapters import context_tar
from builder.errors import ArchiveBroken, BuildFailed, EngineUnreachable, ImageMissing
from builder.image.reference import Reference
from builder.model.build import ImageContext, ImageRef
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from builder.ports.image_files import ImageFiles

_WORDS = {"FROM", "COPY", "ENV", "LABEL", "USER", "EXPOSE", "VOLUME", "ENTRYPOINT"}
_OPTION = "--chown="


_Tree = Mapping[PurePosixPath, bytes]


class FakeEngine:
    """An ``Engine`` and ``Images``; ``reachable`` False: no daemon answers."""

    def __init__(self, *, reachable: bool = True) -> None:
        self.reachable = reachable
        self.images: dict[str, str] = {}  # id by reference
        self.trees: dict[str, _Tree] = {}  # by id: what COPY has put there, the base left out
        self.bases: list[tuple[str, str | None]] = []  # as they were imported
        self.contexts: list[ImageContext] = []  # of every build that went well

    def require(self, platforms: tuple[str, ...]) -> None:
        """Take whatever it is."""

    def import_base(self, base: StoredFile, reference: str, platform: str | None = None) -> None:
        """Keep the reference; the first tar under it stays."""
        self._answer()
        self.bases.append((reference, platform))
        Reference.parse(reference)
        self.images.setdefault(reference, str(base.digest))

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Check every instruction as far as one can without layers."""
        self._answer()
        content = b"".join(context_tar.chunks(context))
        lines = context.dockerfile.splitlines()
        below = ""
        for number, line in enumerate(lines, start=1):
            step = f"Step {number}/{len(lines)} : {line}"
            below = self._carry_out(line, step, context) or below
        image = str(Digest.of(below.encode() + content))
        self.images.update(dict.fromkeys(tags, image))
        self.trees[image] = _tree(context)
        self.contexts.append(context)
        return ImageRef(reference=tags[0], id=image)

    @contextmanager
    def opened(self, reference: str) -> Iterator[ImageFiles]:
        """Look into what was built here."""
        self._answer()
        image = self.images.get(reference, reference)
        if image not in self.images.values():
            raise ImageMissing(reference=reference)
        yield FakeFiles(self.trees.get(image, {}))

    def _carry_out(self, line: str, step: str, context: ImageContext) -> str | None:
        word, *operands = line.split()
        if word not in _WORDS:
            raise BuildFailed(step=step, said=(step, f"unknown instruction: {word}"))
        if word == "FROM":
            if operands[0] not in self.images:
                raise BuildFailed(step=step, said=(step, f"no such image: {operands[0]}"))
            return self.images[operands[0]]
        if word == "COPY":
            wanted = _source(line)
            if not any(each.name.is_relative_to(wanted) for each in context.files):
                raise BuildFailed(step=step, said=(step, f"no such file: {wanted}"))
        return None

    def _answer(self) -> None:
        if not self.reachable:
            raise EngineUnreachable(address="fake://", said="No such file or directory")


@dataclass(frozen=True, slots=True)
class FakeFiles:
    """The files of an image."""

    tree: _Tree

    def read(self, path: PurePosixPath, *, limit: int) -> bytes | None:
        """Look the file up."""
        content = self.tree.get(path)
        if content is not None and len(content) > limit:
            raise ArchiveBroken(path=Path(path), fault=f"it has more than {limit} bytes")
        return content

    def copy(self, path: PurePosixPath, folder: Path) -> tuple[StoredFile, ...]:
        """Write down what is there."""
        found = (each for each in sorted(self.tree) if path in {each, each.parent})
        return tuple(_written(self.tree[each], folder / each.name) for each in found)


def _written(content: bytes, path: Path) -> StoredFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = Digest.of(content)
    return StoredFile(digest=digest, size=len(content), crc32=zlib.crc32(content), path=path)


def _tree(context: ImageContext) -> _Tree:
    """Put every file where the last COPY has it; a folder's content goes into the target."""
    tree = {}
    for line in context.dockerfile.splitlines():
        if line.startswith("COPY "):
            source, target = map(PurePosixPath, _operands(line))
            for each in context.files:
                if each.source is not None and each.name.is_relative_to(source):
                    content = each.source
                    tree[target / each.name.relative_to(source)] = (
                        content if isinstance(content, bytes) else content.read_bytes()
                    )
    return tree


def _source(copy: str) -> PurePosixPath:
    return PurePosixPath(_operands(copy)[0])


def _operands(copy: str) -> list[str]:
    operands = copy.removeprefix("COPY").strip()
    if operands.startswith("["):
        return [str(each) for each in json.loads(operands)]
    return [word for word in operands.split() if not word.startswith(_OPTION)]
