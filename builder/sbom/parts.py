"""Each part of an image as a CycloneDX component: core, plugins, base, its packages."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.component import Component, ComponentType
from packageurl import PackageURL

from builder.model.controller import Family, jenkins_war
from builder.model.digest import Digest
from builder.model.formula import Bundle
from builder.model.lock import AnyBasePin, BasePin, CorePin, ImagePin, Package, Pin
from builder.model.plugin import Coordinates
from builder.model.stated import Stated
from builder.sbom.licences import licence

_DEBIAN_NAMES = {"386": "i386", "arm/v5": "armel", "arm/v7": "armhf", "ppc64le": "ppc64el"}
IMAGE = "image"
CORE = "core"


def image(bundle: Bundle) -> Component:
    """Describe the whole: what the formula calls the bundle."""
    return Component(
        bom_ref=IMAGE,
        type=ComponentType.CONTAINER,
        group=bundle.group,
        name=bundle.artifact,
        version=bundle.version,
        description=bundle.title or bundle.description or None,
    )


def core(pin: CorePin, stated: Stated) -> Component:
    """Describe the WAR; one of unknown origin has no package URL."""
    origin = pin.origin
    if isinstance(origin, PurePosixPath) and pin.family is Family.JENKINS:
        origin = jenkins_war(pin.version)
    maven = origin if isinstance(origin, Coordinates) else None
    return Component(
        bom_ref=CORE,
        type=ComponentType.APPLICATION,
        group=maven.group if maven else None,
        name=maven.artifact if maven else pin.family.value,
        version=pin.version,
        purl=_maven(maven) if maven else None,
        hashes=_sha256(pin.digest),
        licenses=map(licence, stated.licences),
        properties=_properties(
            ("jbuild:kind", "core"),
            ("jbuild:family", pin.family.value),
            ("jbuild:trust", pin.trust.value),
        ),
    )


def plugin(pin: Pin, stated: Stated) -> Component:
    """Describe a plugin; one whose Maven group nobody states has no package URL."""
    maven = pin.origin if isinstance(pin.origin, Coordinates) else None
    if maven is None and stated.group:
        maven = Coordinates(stated.group, pin.plugin, pin.version)
    demanders = {each.demander for each in pin.why if each.demander}
    return Component(
        bom_ref=plugin_ref(pin.plugin),
        type=ComponentType.LIBRARY,
        group=maven.group if maven else None,
        name=maven.artifact if maven else pin.plugin,
        version=pin.version,
        purl=_maven(maven) if maven else None,
        hashes=_sha256(pin.digest),
        licenses=map(licence, stated.licences),
        properties=_properties(
            ("jenkins:plugin:id", pin.plugin),
            ("jbuild:kind", pin.kind.value),
            ("jbuild:trust", pin.trust.value),
            *((("jbuild:required-core", pin.required_core),) if pin.required_core else ()),
            *(("jbuild:required-by", each) for each in demanders),
        ),
    )


def plugin_ref(plugin: str) -> str:
    """Name a plugin inside the document."""
    return f"plugin:{plugin}"


def base(pin: AnyBasePin) -> Component:
    """Describe what lies below the controller."""
    if isinstance(pin, ImagePin):
        return Component(
            bom_ref=base_ref(pin),
            type=ComponentType.CONTAINER,
            name=pin.wished.partition(" ")[2],
            version=str(pin.manifest),
            hashes=_sha256(pin.digest),
            properties=_properties(("jbuild:kind", "base"), ("jbuild:platform", pin.platform)),
        )
    return Component(
        bom_ref=base_ref(pin),
        type=ComponentType.OPERATING_SYSTEM,
        name="debian",
        version=pin.suite,
        hashes=_sha256(pin.digest),
        properties=_properties(("jbuild:kind", "base"), ("jbuild:platform", pin.platform)),
    )


def base_ref(pin: AnyBasePin) -> str:
    """Name a base inside the document."""
    return f"base:{pin.platform}"


def packages(pin: AnyBasePin) -> Iterator[Component]:
    """Describe the Debian packages of a base; of one that came as an image none are known."""
    if not isinstance(pin, BasePin):
        return
    _, _, machine = pin.platform.partition("/")
    distinct = {"arch": _DEBIAN_NAMES.get(machine, machine.split("/")[0]), "distro": pin.suite}
    for each in pin.packages:
        kind = "wish" if each.name in pin.wished else "required"
        yield Component(
            bom_ref=package_ref(pin, each),
            type=ComponentType.LIBRARY,
            name=each.name,
            version=each.version,
            purl=PackageURL("deb", "debian", each.name, each.version, distinct),
            properties=_properties(("jbuild:kind", kind), ("jbuild:platform", pin.platform)),
        )


def package_ref(pin: AnyBasePin, package: Package) -> str:
    """Name a package inside the document."""
    return f"deb:{pin.platform}:{package.name}"


def _maven(origin: Coordinates) -> PackageURL:
    named = (origin.group, origin.artifact, origin.version)
    return PackageURL("maven", *named, {"type": origin.packaging})


def _sha256(digest: Digest) -> tuple[HashType, ...]:
    return (HashType(alg=HashAlgorithm.SHA_256, content=digest.hex),)


def _properties(*pairs: tuple[str, str]) -> tuple[Property, ...]:
    return tuple(Property(name=name, value=value) for name, value in pairs)
