"""A container engine in memory: no layer is made, but an image follows from its context."""

import json
from pathlib import PurePosixPath

from builder.adapters import context_tar
from builder.errors import BuildFailed, EngineUnreachable
from builder.image.reference import Reference
from builder.model.build import ImageContext, ImageRef
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_WORDS = {"FROM", "COPY", "ENV", "LABEL", "USER", "EXPOSE", "VOLUME", "ENTRYPOINT"}
_OPTION = "--chown="


class FakeEngine:
    """An ``Engine``; ``reachable`` False: no daemon answers."""

    def __init__(self, *, reachable: bool = True) -> None:
        self.reachable = reachable
        self.images: dict[str, str] = {}  # id by reference
        self.contexts: list[ImageContext] = []  # of every build that went well

    def import_base(self, base: StoredFile, reference: str) -> None:
        """Keep the reference; the first tar under it stays."""
        self._answer()
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
        self.contexts.append(context)
        return ImageRef(reference=tags[0], id=image)

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


def _source(copy: str) -> PurePosixPath:
    operands = copy.removeprefix("COPY").strip()
    if operands.startswith("["):
        return PurePosixPath(json.loads(operands)[0])
    return PurePosixPath(next(w for w in operands.split() if not w.startswith(_OPTION)))
