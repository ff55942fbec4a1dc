"""Which Java a controller runs on: one table, read from a core and from a Java."""

from enum import Enum

from msgspec import Struct

from builder.model.controller import Family
from builder.version import Version, older_than


class JavaEra(Struct, frozen=True, kw_only=True):
    """A span of cores that run on the same Javas; it ends where the next one begins."""

    weekly: Version  # the first of them
    lts: Version  # the first of the long-term lines
    javas: tuple[int, ...]  # ascending; others need ``--enable-future-java``, older never run


JAVA_ERAS = (
    # Jenkins' table says 7 here; its own images of those days ran on 8, and nothing refuses it.
    JavaEra(weekly=Version("1"), lts=Version("1.625.1"), javas=(7, 8)),
    JavaEra(weekly=Version("2.54"), lts=Version("2.60.1"), javas=(8,)),
    JavaEra(weekly=Version("2.164"), lts=Version("2.164.1"), javas=(8, 11)),
    JavaEra(weekly=Version("2.340"), lts=Version("2.346.1"), javas=(8, 11, 17)),
    JavaEra(weekly=Version("2.357"), lts=Version("2.361.1"), javas=(11, 17)),
    JavaEra(weekly=Version("2.419"), lts=Version("2.426.1"), javas=(11, 17, 21)),
    JavaEra(weekly=Version("2.463"), lts=Version("2.479.1"), javas=(17, 21)),
    JavaEra(weekly=Version("2.534"), lts=Version("2.541.1"), javas=(17, 21, 25)),
    JavaEra(weekly=Version("2.545"), lts=Version("2.555.1"), javas=(21, 25)),
)
"""By core, ascending. No long-term line begins inside an era, so the weekly decides for both.

Source: jenkins.io, "Java Support Policy"; resolution.md d.
"""

_HUDSON = (8,)  # seen running: 3.3.2 starts on no other
_READS_PLUGIN_JAVA = (Version("2.158"), Version("2.348"))  # from the first, up to the second


class JavaFit(Enum):
    """What a controller does when it is started by a Java."""

    RUNS = "runs"
    ONLY_IF_TOLD = "only if told"  # by ``--enable-future-java`` or its variable
    TOO_OLD = "too old"  # its launcher exits 1, whatever it is told


def era(core: Version) -> JavaEra:
    """Find the era of a Jenkins core."""
    begun = (each for each in reversed(JAVA_ERAS) if not older_than(core, each.weekly))
    return next(begun, JAVA_ERAS[0])


def javas(core: Version, family: Family = Family.JENKINS) -> tuple[int, ...]:
    """List the Javas that a controller runs on without being told to, ascending."""
    return _HUDSON if family is Family.HUDSON else era(core).javas


def java_fit(core: Version, java: int, family: Family = Family.JENKINS) -> JavaFit:
    """Say what a controller does when this Java starts it."""
    runs = javas(core, family)
    if java in runs:
        return JavaFit.RUNS
    return JavaFit.TOO_OLD if java < runs[0] or family is Family.HUDSON else JavaFit.ONLY_IF_TOLD


def eras_of(java: int) -> tuple[JavaEra, ...]:
    """List the eras whose cores run on a Java, ascending; empty where none does."""
    return tuple(each for each in JAVA_ERAS if java in each.javas)


def reads_plugin_java(core: Version) -> bool:
    """Say whether a core refuses plugins whose ``Minimum-Java-Version`` is above its own Java.

    Source: ``Minimum-Java-Version`` in ``hudson.PluginWrapper``, cores 2.158 to 2.347.
    """
    first, after = _READS_PLUGIN_JAVA
    return not older_than(core, first) and older_than(core, after)
