"""A formula, its lock and its files, for the tests of this room."""

from pathlib import Path, PurePosixPath

from builder.model.base_wishes import DebianBase
from builder.model.build import Files, War
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import Bundle, Formula, ImageWishes, InputFile, Placement, TrialWishes
from builder.model.lock import BasePin, CorePin, Lock, Pin, PinKind
from builder.model.plugin import Coordinates, PluginId, Trust
from builder.model.stored import StoredFile
from builder.version import Version

BUNDLE = Bundle(
    group="org.example",
    artifact="quickstart",
    version="1.0",
    title="Quick start",
    vendor='Ex "Ample" & Co',
    description="Costs $0 \\ year",
)
BASE = DebianBase(suite="sid", packages=("tini",), mirror=None)
BASE_PIN = BasePin(
    platform="linux/amd64",
    suite="sid",
    wished=("tini",),
    packages=(),
    digest=Digest("ab" * 32),
    size=1,
)
WAR = War(path=Path("/store/war"), digest=Digest.of(b"war"), size=3)


def formula(
    *,
    inputs: tuple[tuple[str, bytes], ...] = (),
    env: tuple[tuple[str, str], ...] = (),
    java_options: tuple[str, ...] = (),
    files: tuple[tuple[str, str], ...] = (),
    tags: tuple[str, ...] = (),
) -> Formula:
    """Make one with these image wishes."""
    placements = tuple(
        Placement(source=PurePosixPath(source), target=PurePosixPath(target))
        for source, target in files
    )
    return Formula(
        file="formula.yaml",
        bundle=BUNDLE,
        war=Coordinates("org.example", "core", Version("3.3.2"), "war"),
        plugins=(),
        repositories=(),
        image=ImageWishes(
            base=BASE, env=env, java_options=java_options, files=placements, tags=tags
        ),
        trial=TrialWishes(),
        inputs=tuple(
            InputFile(path=PurePosixPath(path), content=content) for path, content in inputs
        ),
    )


def lock(*plugins: str, family: Family = Family.HUDSON) -> Lock:
    """Pin these plugins; the content of each is its id."""
    return Lock(
        fingerprint=Digest("cd" * 32),
        core=CorePin(
            family=family,
            version=Version("3.3.2"),
            origin=PurePosixPath("core.war"),
            digest=Digest.of(b"core"),
            size=4,
            trust=Trust.SIGNED,
        ),
        plugins=tuple(_pin(each) for each in plugins),
        bases=(BASE_PIN,),
        inputs=(),
    )


def stored(content: bytes) -> StoredFile:
    """Say where the store would have it."""
    digest = Digest.of(content)
    return StoredFile(digest=digest, size=len(content), crc32=0, path=Path("/store") / digest.hex)


def files(*plugins: str) -> Files:
    """Give the files of the same lock."""
    return Files(
        core=stored(b"core"),
        plugins=tuple(stored(each.encode()) for each in plugins),
        bases=(stored(b"base"),),
    )


def _pin(plugin: str) -> Pin:
    return Pin(
        plugin=PluginId(plugin),
        version=Version("1"),
        kind=PinKind.WISH,
        origin=PurePosixPath(plugin),
        digest=Digest.of(plugin.encode()),
        size=None,
        trust=Trust.SIGNED,
        required_core=None,
        dependencies=(),
        why=(),
    )
