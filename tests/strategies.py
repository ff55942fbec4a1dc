"""Random valid values for property tests."""

from pathlib import PurePosixPath

from hypothesis import strategies as st

from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.lock import (
    BasePin,
    CorePin,
    ImagePin,
    InputPin,
    Lock,
    Package,
    Pin,
    PinKind,
    Reason,
)
from builder.model.plugin import Coordinates, Dependency, DependencyKind, Origin, PluginId, Trust
from builder.version import Version

digests = st.binary(min_size=32, max_size=32).map(lambda raw: Digest(raw.hex()))
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,12}", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3}){0,2}(-[a-z]{1,5}[0-9]{0,2})?", fullmatch=True)
sizes = st.integers(min_value=0, max_value=1 << 40)


@st.composite
def coordinates(draw: st.DrawFn) -> Coordinates:
    """Draw Maven coordinates."""
    return Coordinates(draw(words), draw(words), Version(draw(versions)), draw(words))


origins: st.SearchStrategy[Origin] = st.one_of(
    coordinates(), st.lists(words, min_size=1, max_size=4).map(lambda p: PurePosixPath(*p))
)


@st.composite
def pins(draw: st.DrawFn, name: str) -> Pin:
    """Draw the pin of one plugin."""
    edges = draw(st.lists(st.tuples(words, versions, st.sampled_from(DependencyKind)), max_size=3))
    reasons = draw(st.lists(st.tuples(st.none() | words, st.none() | versions), max_size=3))
    return Pin(
        plugin=PluginId(name),
        version=Version(draw(versions)),
        kind=draw(st.sampled_from(PinKind)),
        origin=draw(origins),
        digest=draw(digests),
        size=draw(st.none() | sizes),
        trust=draw(st.sampled_from(Trust)),
        required_core=Version(draw(versions)) if draw(st.booleans()) else None,
        dependencies=tuple(
            Dependency(plugin=PluginId(target), minimum=Version(minimum), kind=kind)
            for target, minimum, kind in edges
        ),
        why=tuple(
            Reason(
                demander=PluginId(by) if by else None,
                minimum=Version(minimum) if minimum else None,
                kind=DependencyKind.REQUIRED,
            )
            for by, minimum in reasons
        ),
    )


@st.composite
def image_pins(draw: st.DrawFn) -> ImagePin:
    """Draw a base that is an image."""
    return ImagePin(
        platform="linux/arm64",
        wished=f"registry {draw(words)}",
        manifest=draw(digests),
        digest=draw(digests),
        size=draw(sizes),
    )


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    """Draw a whole lock."""
    names = draw(st.lists(words, unique=True, max_size=5).map(sorted))
    packages = draw(st.dictionaries(words, versions, max_size=4))
    paths = draw(st.lists(words, unique=True, max_size=3).map(sorted))
    base = BasePin(
        platform="linux/amd64",
        suite=draw(words),
        wished=tuple(sorted(packages)),
        packages=tuple(Package(name=name, version=packages[name]) for name in sorted(packages)),
        digest=draw(digests),
        size=draw(sizes),
    )
    return Lock(
        fingerprint=draw(digests),
        core=CorePin(
            family=draw(st.sampled_from(Family)),
            version=Version(draw(versions)),
            origin=draw(origins),
            digest=draw(digests),
            size=draw(sizes),
            trust=draw(st.sampled_from(Trust)),
        ),
        plugins=tuple(draw(pins(name)) for name in names),
        bases=(base, draw(image_pins())),
        inputs=tuple(InputPin(path=PurePosixPath(each), digest=draw(digests)) for each in paths),
    )
