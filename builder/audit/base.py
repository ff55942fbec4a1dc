"""What the base of an image brings along: which Java, which core. Needs no lock."""

import re
from collections.abc import Iterable, Iterator

from builder.model.audit import AuditFinding, Severity
from builder.model.base_wishes import DebianBase, EngineBase, RegistryBase
from builder.model.controller import Family
from builder.model.formula import ImageWishes
from builder.model.java import JavaFit, eras_of, java_fit, javas
from builder.version import Version

_IN_A_PACKAGE = re.compile(r"(?:openjdk|temurin|zulu|java)-?(\d+)(?:-amazon-corretto)?-(?:jdk|jre)")
_IN_A_TAG = re.compile(r"(?<![a-z])(?:jdk|jre|java|openjdk)-?(\d+)")
_JAVA_REPOSITORIES = ("eclipse-temurin", "openjdk", "amazoncorretto", "ibm-semeru-runtimes")
_CORE_IN_A_TAG = re.compile(r"(?:^|-)(2\.\d{2,4}(?:\.\d+)?)(?=-|$)")
_FUTURE_VARIABLE = "JENKINS_ENABLE_FUTURE_JAVA"
_FUTURE_OPTION = "--enable-future-java"


def java_of(image: ImageWishes, packages: Iterable[str] = ()) -> int | None:
    """Tell which Java the base brings.

    Args:
        image: whose base is looked at: its tag, or the packages that are wished for.
        packages: the names of all that are installed, where a lock tells.

    Returns:
        A number such as 17; None where nothing says. Of several in one Debian base it is the
        newest, as Debian's alternatives choose.
    """
    if isinstance(image.base, RegistryBase | EngineBase):
        return _java_of_tag(image.base.reference)
    wished = image.base.packages if isinstance(image.base, DebianBase) else ()
    found = (_IN_A_PACKAGE.match(each) for each in (*wished, *packages))
    return max((int(each[1]) for each in found if each), default=None)


def of_base(
    image: ImageWishes,
    core: Version,
    family: Family = Family.JENKINS,
    packages: Iterable[str] = (),
) -> Iterator[AuditFinding]:
    """Find what does not go together between a base and the core that is put on it."""
    brought = _core_of(image) if family is Family.JENKINS else None
    if brought and brought != core:
        yield AuditFinding(
            id="base-core",
            severity=Severity.WARNING,
            subject="base",
            sentence=f"the base is made for core {brought}, and the WAR is core {core}",
            evidence=(f"image.base is {_named(image)}",),
            way_out=f"take the base of core {core}, or war.source.version {brought}",
        )
    java = java_of(image, packages)
    if java is not None:
        yield from _java(image, core, family, java)


def _java(image: ImageWishes, core: Version, family: Family, java: int) -> Iterator[AuditFinding]:
    fit = java_fit(core, java, family)
    if fit is JavaFit.RUNS:
        return
    told = fit is JavaFit.ONLY_IF_TOLD and _is_told(image)
    runs = " or ".join(str(each) for each in javas(core, family))
    said = "; it was told to try" if told else ""
    yield AuditFinding(
        id="java",
        severity=Severity.NOTE if told else Severity.ERROR,
        subject="base",
        sentence=f"core {core} is made for Java {runs}, and the base brings Java {java}{said}",
        evidence=(f"image.base is {_named(image)}",),
        way_out=None if told else _other_java(runs, java, fit, family),
    )


def _other_java(runs: str, java: int, fit: JavaFit, family: Family) -> str:
    said = [f"take a base with Java {runs}"]
    eras = eras_of(java) if family is Family.JENKINS else ()
    if eras and fit is JavaFit.ONLY_IF_TOLD:
        said.append(f"raise the core to {eras[0].weekly} (LTS {eras[0].lts}) or newer")
    if fit is JavaFit.ONLY_IF_TOLD:
        said.append(f"set {_FUTURE_VARIABLE}: 'true' under image.env at your own risk")
    return ", or ".join(said)


def _is_told(image: ImageWishes) -> bool:
    env = dict(image.env)
    return env.get(_FUTURE_VARIABLE) == "true" or _FUTURE_OPTION in env.get("JENKINS_OPTS", "")


def _core_of(image: ImageWishes) -> Version | None:
    """Read the core out of the tag of an image that calls itself a Jenkins."""
    if not isinstance(image.base, RegistryBase | EngineBase):
        return None
    repository, tag = _parts(image.base.reference)
    found = _CORE_IN_A_TAG.search(tag)
    return Version(found[1]) if found and "jenkins" in repository else None


def _java_of_tag(reference: str) -> int | None:
    repository, tag = _parts(reference)
    found = _IN_A_TAG.search(tag) or _IN_A_TAG.search(repository)
    if not found and repository in _JAVA_REPOSITORIES:
        found = re.match(r"(\d+)", tag)
    return int(found[1]) if found else None


def _parts(reference: str) -> tuple[str, str]:
    """Cut a reference into the last part of its repository and its tag; empty where it is none."""
    from builder.image.reference import Reference  # noqa: PLC0415  # and the room that makes images

    try:
        read = Reference.parse(reference)
    except ValueError:
        return "", ""
    return read.repository.rpartition("/")[2], read.tag or ""


def _named(image: ImageWishes) -> str:
    match image.base:
        case None:
            return "nothing"
        case DebianBase():
            return ", ".join(image.base.wished)
        case RegistryBase():
            return image.base.reference
    return image.base.named
