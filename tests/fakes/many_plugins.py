"""A plugin set in the sizes of real ones, as files that do not compress, on a small base."""

import json
import lzma
import random
import tarfile
import zlib
from functools import cache
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from builder.image.context import context
from builder.image.plan import plan
from builder.lock import to_bytes
from builder.model.build import Files, ImageContext, War
from builder.model.digest import Digest
from builder.model.lock import Pin
from builder.model.stored import StoredFile
from builder.version import Version
from tests.fakes.cuts import pin
from tests.fakes.shared import DATA
from tests.unit.image import material

COUNT = 175
_CATALOGUE = DATA / "catalogues" / "tsinghua-2026-08-22.json.xz"


@cache
def sizes() -> dict[str, int]:
    """Give the 175 plugins that most people have, or as many of a like distribution."""
    if not _CATALOGUE.is_file():
        dice = random.Random(1)  # noqa: S311  # the same sizes every time
        drawn = (min(int(dice.lognormvariate(11.8, 1.9)), 30_000_000) for _ in range(COUNT))
        return {f"plugin-{n:03}": max(size, 2000) for n, size in enumerate(drawn)}
    text = lzma.decompress(_CATALOGUE.read_bytes()).decode()
    listed = json.loads(text[text.index("{") : text.rindex("}") + 1])["plugins"].values()
    first = sorted(listed, key=lambda each: -each["popularity"])[:COUNT]
    return {each["name"]: each["size"] for each in sorted(first, key=lambda each: each["name"])}


class Set:
    """The plugins of an image; files lie in a folder, each under its digest.

    Args:
        folder: where files go.
        total: bytes of all plugins; None: as they are.
    """

    def __init__(self, folder: Path, *, total: int | None = None) -> None:
        self._folder = folder
        ratio = total / sum(sizes().values()) if total else 1
        self.sizes = {name: int(size * ratio) for name, size in sizes().items()}
        self._files = {name: self._made(name, 1) for name in self.sizes}
        self._versions = dict.fromkeys(self.sizes, 1)
        self._war = self.stored(random.Random(0).randbytes(1_000_000))  # noqa: S311  # as above
        self.base = self._base()

    def bump(self, name: str, *, growth: float = 1.0) -> None:
        """Release a plugin anew."""
        self._versions[name] += 1
        self.sizes[name] = int(self.sizes[name] * growth)
        self._files[name] = self._made(name, self._versions[name])

    def context(self, base: str) -> ImageContext:
        """Make the context of the stock image on a base."""
        locked = replace(material.lock(), plugins=tuple(map(self._pin, self.sizes)))
        planned = plan(material.formula(), locked)
        files = Files(
            core=self._war,
            plugins=tuple(self._files[name] for name in self.sizes),
            bases=(self.base,),
        )
        war = War(path=self._war.path, digest=self._war.digest, size=self._war.size)
        made = context(planned, locked, to_bytes(locked), files, war)
        return replace(made, dockerfile=made.dockerfile.replace(planned.base_reference, base))

    def placed(self) -> dict[str, Digest]:
        """Tell what each plugin's file in the image has to be, by the file's name."""
        return {f"{name}.hpi": each.digest for name, each in self._files.items()}

    def stored(self, content: bytes) -> StoredFile:
        """Write a file."""
        digest = Digest.of(content)
        path = self._folder / digest.hex
        path.write_bytes(content)
        return StoredFile(digest=digest, size=len(content), crc32=zlib.crc32(content), path=path)

    def _made(self, name: str, version: int) -> StoredFile:
        dice = random.Random(f"{name} {version}")  # noqa: S311  # the same bytes every time
        return self.stored(dice.randbytes(self.sizes[name]))

    def _pin(self, name: str) -> Pin:
        file, version = self._files[name], Version(f"1.{self._versions[name]}")
        made = pin(name, file.size, version)
        return replace(made, digest=file.digest, origin=PurePosixPath(f"{name}.hpi"))

    def _base(self) -> StoredFile:
        path = self._folder / "base.tar"
        with tarfile.open(path, "w") as out:
            for name in ("etc", "var", "usr", "usr/share"):
                entry = tarfile.TarInfo(name)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                out.addfile(entry)
        return self.stored(path.read_bytes())
