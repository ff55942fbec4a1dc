"""The whole document: parts, who needs whom, and nothing of the time or machine it is written on.

Source: the CycloneDX specification 1.6, written by cyclonedx-python-lib, which sorts every list.
"""

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output.json import JsonV1Dot6

from builder.model.digest import Digest
from builder.model.formula import Bundle
from builder.model.lock import Lock, Pin
from builder.model.stated import Stated
from builder.sbom import parts

_OURS = UUID("b2c95c48-5175-5980-bfb3-7fc9d3daab75")  # the namespace of our serial numbers


def document(
    locked: Lock,
    stated: Mapping[Digest, Stated],
    bundle: Bundle,
    *,
    lock_digest: Digest,
    tool_version: str,
) -> bytes:
    """Write the bill of materials of a lock.

    Args:
        locked: what it is about; the order in which it lists things does not matter.
        stated: what core and plugins state of themselves, by their digests.
        bundle: what the formula calls the whole.
        lock_digest: of the lock's bytes; gives the document its serial number.
        tool_version: of jbuild.
    """
    bom = Bom(
        serial_number=uuid5(_OURS, str(lock_digest)),
        components=_components(locked, stated),
        dependencies=_dependencies(locked),
    )
    bom.metadata.timestamp = None  # type: ignore[assignment]  # or it tells when it was written
    bom.metadata.component = parts.image(bundle)
    bom.metadata.tools.components = (
        Component(type=ComponentType.APPLICATION, name="jbuild", version=tool_version),
    )
    bom.metadata.properties = (
        Property(name="jbuild:lock:sha256", value=lock_digest.hex),
        Property(name="jbuild:lock:fingerprint", value=str(locked.fingerprint)),
    )
    return f"{JsonV1Dot6(bom).output_as_string(indent=2)}\n".encode()


def _components(locked: Lock, stated: Mapping[Digest, Stated]) -> Iterator[Component]:
    nothing = Stated()
    yield parts.core(locked.core, stated.get(locked.core.digest, nothing))
    for pin in locked.plugins:
        yield parts.plugin(pin, stated.get(pin.digest, nothing))
    for base in locked.bases:
        yield parts.base(base)
        yield from parts.packages(base)


def _dependencies(locked: Lock) -> Iterator[Dependency]:
    """Say of every part which others it needs; all of them are reached from the image."""
    edges = _plugin_edges(locked)
    brought = {target for source, target in edges if source != target}
    wished = {each.plugin for each in locked.plugins if _is_wished(each)}
    direct = wished | {each.plugin for each in locked.plugins if each.plugin not in brought}
    bases = {parts.base_ref(each) for each in locked.bases}
    yield _needs(parts.IMAGE, {parts.CORE, *bases, *map(parts.plugin_ref, direct)})
    yield _needs(parts.CORE, set())
    for pin in locked.plugins:
        targets = {target for source, target in edges if source == pin.plugin != target}
        yield _needs(parts.plugin_ref(pin.plugin), set(map(parts.plugin_ref, targets)))
    for base in locked.bases:
        names = {parts.package_ref(base, each) for each in base.packages}
        yield _needs(parts.base_ref(base), names)
        yield from (_needs(each, set()) for each in names)


def _plugin_edges(locked: Lock) -> set[tuple[str, str]]:
    """Pair plugins with those they need, optional ones too where they are there."""
    there = {each.plugin for each in locked.plugins}
    needs = {(p.plugin, each.plugin) for p in locked.plugins for each in p.dependencies}
    reasons = {(each.demander, p.plugin) for p in locked.plugins for each in p.why if each.demander}
    return {each for each in needs | reasons if there.issuperset(each)}


def _is_wished(pin: Pin) -> bool:
    return any(each.demander is None for each in pin.why)


def _needs(source: str, targets: set[str]) -> Dependency:
    below = (Dependency(ref=BomRef(each)) for each in targets)
    return Dependency(ref=BomRef(source), dependencies=below)
