"""One small formula and its lock, for tests that vary them."""

from builder.lock import fingerprint
from builder.model.base_wishes import DebianBase
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.formula import Bundle, Formula, ImageWishes, TrialWishes
from builder.model.lock import BasePin, CorePin, Lock, Package, Pin, PinKind, Reason
from builder.model.plugin import Coordinates, DependencyKind, PluginId, Trust
from builder.version import Version
from tests.fakes.universe import wish

FORMULA = Formula(
    file="formula.yaml",
    bundle=Bundle(group="org.example", artifact="sample", version="1.0"),
    war=Coordinates("org.example", "controller", Version("3.3.2"), "war"),
    plugins=(wish("git:1.9"),),
    repositories=(),
    image=ImageWishes(base=DebianBase(suite="sid", packages=("tini",), mirror=None)),
    trial=TrialWishes(),
)


def sample_pin(name: str, version: str, kind: PinKind = PinKind.WISH) -> Pin:
    """Make a pin whose digest follows from its name and version."""
    return Pin(
        plugin=PluginId(name),
        version=Version(version),
        kind=kind,
        origin=Coordinates("org.example", name, Version(version)),
        digest=Digest.of(f"{name} {version}".encode()),
        size=100,
        trust=Trust.FIRST_USE,
        required_core=None,
        dependencies=(),
        why=(Reason(demander=None, minimum=Version(version), kind=DependencyKind.REQUIRED),),
    )


LOCK = Lock(
    fingerprint=fingerprint(FORMULA),
    core=CorePin(
        family=Family.HUDSON,
        version=Version("3.3.2"),
        origin=FORMULA.war,
        digest=Digest.of(b"controller"),
        size=1000,
        trust=Trust.FIRST_USE,
    ),
    plugins=(sample_pin("git", "1.9"),),
    bases=(
        BasePin(
            platform="linux/amd64",
            suite="sid",
            wished=("tini",),
            packages=(Package(name="tini", version="0.19.0-1"),),
            digest=Digest.of(b"base"),
            size=2000,
        ),
    ),
    inputs=(),
)
