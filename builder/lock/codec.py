"""``Lock`` to bytes and back: UTF-8 JSON, sorted keys, two-space indent, nothing of this machine.

``schema`` is raised only when an old jbuild could misread a new lock.
"""

import json
from pathlib import Path, PurePosixPath

from builder.errors import LockBroken, LockTooNew
from builder.lock.record import Record
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.lock import (
    AnyBasePin,
    BasePin,
    CataloguePin,
    CorePin,
    ImagePin,
    InputPin,
    LibraryPin,
    Lock,
    Package,
    Pin,
    PinKind,
    Reason,
)
from builder.model.plugin import (
    Addressed,
    Beside,
    Built,
    Coordinates,
    Dependency,
    DependencyKind,
    Origin,
    PluginId,
    Trust,
)
from builder.version import Version

SCHEMA = 1


def to_bytes(locked: Lock) -> bytes:
    """Write a lock; what was written is read again and compared."""
    document: dict[str, object] = {
        "schema": SCHEMA,
        "fingerprint": str(locked.fingerprint),
        "controller": _core_out(locked.core),
        "plugins": [_pin_out(each) for each in locked.plugins],
        "bases": [_base_out(each) for each in locked.bases],
        "catalogues": [_catalogue_out(each) for each in locked.catalogues],
        "files": [{"path": str(e.path), "sha256": e.digest.hex} for e in locked.inputs],
    }
    if locked.libraries:  # left out where there are none, as before there could be any
        document["libraries"] = [_library_out(each) for each in locked.libraries]
    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False)
    content = f"{text}\n".encode()
    if from_bytes(content, Path("formula.lock.json")) != locked:
        raise AssertionError(locked)
    return content


def from_bytes(content: bytes, path: Path) -> Lock:
    """Read a lock.

    Raises:
        LockBroken: not a lock, or one that contradicts itself.
        LockTooNew: its schema is newer than this jbuild knows.
    """
    try:
        document = Record(json.loads(content), "")
        if document.number("schema") > SCHEMA:
            raise LockTooNew(path=path, schema=document.number("schema"))
        return _lock_in(document)
    except (ValueError, RecursionError) as fault:
        raise LockBroken(path=path, fault=str(fault)) from fault


def _lock_in(document: Record) -> Lock:
    if document.number("schema") < 1:
        fault = "its schema is below 1"
        raise ValueError(fault)
    plugins = tuple(_pin_in(each) for each in document.records("plugins"))
    ids = [each.plugin for each in plugins]
    if ids != sorted(set(ids)):
        fault = "plugins are not sorted, or one is there twice"
        raise ValueError(fault)
    bases = tuple(_base_in(each) for each in document.records("bases"))
    if not bases:
        fault = "it has no base"
        raise ValueError(fault)
    return Lock(
        fingerprint=Digest.parse(document.text("fingerprint")),
        core=_core_in(document.record("controller")),
        plugins=plugins,
        bases=bases,
        inputs=tuple(
            InputPin(path=PurePosixPath(e.text("path")), digest=Digest.parse(e.text("sha256")))
            for e in document.records("files")
        ),
        catalogues=tuple(_catalogue_in(each) for each in document.maybe_records("catalogues")),
        libraries=tuple(_library_in(each) for each in document.maybe_records("libraries")),
    )


def _core_out(core: CorePin) -> dict[str, object]:
    return {
        "family": core.family.value,
        "version": core.version,
        "origin": _origin_out(core.origin),
        "sha256": core.digest.hex,
        "size": core.size,
        "trust": core.trust.value,
    }


def _core_in(record: Record) -> CorePin:
    return CorePin(
        family=Family(record.text("family")),
        version=Version(record.word("version")),
        origin=_origin_in(record.record("origin")),
        digest=Digest.parse(record.text("sha256")),
        size=record.number("size"),
        trust=Trust(record.text("trust")),
    )


def _pin_out(pin: Pin) -> dict[str, object]:
    return {
        "id": pin.plugin,
        "version": pin.version,
        "kind": pin.kind.value,
        "origin": _origin_out(pin.origin),
        "sha256": pin.digest.hex,
        "size": pin.size,
        "trust": pin.trust.value,
        "requiredCore": pin.required_core,
        "dependencies": [
            {"id": e.plugin, "minimum": e.minimum, "kind": e.kind.value} for e in pin.dependencies
        ],
        "why": [{"by": e.demander, "minimum": e.minimum, "kind": e.kind.value} for e in pin.why],
    }


def _pin_in(record: Record) -> Pin:
    required_core = record.maybe_text("requiredCore")
    return Pin(
        plugin=PluginId(record.word("id")),
        version=Version(record.word("version")),
        kind=PinKind(record.text("kind")),
        origin=_origin_in(record.record("origin")),
        digest=Digest.parse(record.text("sha256")),
        size=record.maybe_number("size"),
        trust=Trust(record.text("trust")),
        required_core=None if required_core is None else Version(required_core),
        dependencies=tuple(_dependency_in(each) for each in record.records("dependencies")),
        why=tuple(_reason_in(each) for each in record.records("why")),
    )


def _library_out(pin: LibraryPin) -> dict[str, object]:
    return {
        "artifact": pin.artifact,
        "origin": _origin_out(pin.origin),
        "sha256": pin.digest.hex,
        "size": pin.size,
        "trust": pin.trust.value,
    }


def _library_in(record: Record) -> LibraryPin:
    return LibraryPin(
        artifact=record.word("artifact"),
        origin=_origin_in(record.record("origin")),
        digest=Digest.parse(record.text("sha256")),
        size=record.number("size"),
        trust=Trust(record.text("trust")),
    )


def _dependency_in(record: Record) -> Dependency:
    return Dependency(
        plugin=PluginId(record.text("id")),
        minimum=Version(record.text("minimum")),
        kind=DependencyKind(record.text("kind")),
    )


def _reason_in(record: Record) -> Reason:
    demander, minimum = record.maybe_text("by"), record.maybe_text("minimum")
    return Reason(
        demander=None if demander is None else PluginId(demander),
        minimum=None if minimum is None else Version(minimum),
        kind=DependencyKind(record.text("kind")),
    )


def _base_out(base: AnyBasePin) -> dict[str, object]:
    if isinstance(base, ImagePin):
        return {
            "platform": base.platform,
            "image": base.wished,
            "manifest": base.manifest.hex,
            "sha256": base.digest.hex,
            "size": base.size,
        }
    return {
        "platform": base.platform,
        "suite": base.suite,
        "wished": list(base.wished),
        "packages": {each.name: each.version for each in base.packages},
        "sha256": base.digest.hex,
        "size": base.size,
    }


def _base_in(record: Record) -> AnyBasePin:
    if record.maybe_text("image") is not None:
        return ImagePin(
            platform=record.text("platform"),
            wished=record.text("image"),
            manifest=Digest.parse(record.text("manifest")),
            digest=Digest.parse(record.text("sha256")),
            size=record.number("size"),
        )
    packages = record.text_by_name("packages")
    return BasePin(
        platform=record.text("platform"),
        suite=record.text("suite"),
        wished=record.texts("wished"),
        packages=tuple(Package(name=name, version=packages[name]) for name in sorted(packages)),
        digest=Digest.parse(record.text("sha256")),
        size=record.number("size"),
    )


def _catalogue_out(pin: CataloguePin) -> dict[str, object]:
    return {
        "site": pin.site,
        "timestamp": pin.timestamp,
        "sha512": pin.digest512,
        "signer": pin.signer.hex if pin.signer else None,
        "trust": pin.trust.value,
    }


def _catalogue_in(record: Record) -> CataloguePin:
    signer = record.maybe_text("signer")
    return CataloguePin(
        site=record.text("site"),
        timestamp=record.maybe_text("timestamp"),
        digest512=record.text("sha512"),
        signer=Digest.parse(signer) if signer else None,
        trust=Trust(record.text("trust")),
    )


def _origin_out(origin: Origin) -> dict[str, str]:
    match origin:
        case Coordinates():
            return {"maven": f"{origin}:{origin.packaging}"}
        case Beside():
            return {"file": str(origin.path)}
        case Addressed():
            return {"url": "formula"}  # the address itself stands there, and in no lock
        case Built():
            git = {"git": origin.commit} if origin.commit else {}
            return {**git, "recipe": origin.recipe.hex}
    return {"path": str(origin)}


def _origin_in(record: Record) -> Origin:
    if record.maybe_text("url") is not None:
        return Addressed()
    if (beside := record.maybe_text("file")) is not None:
        return Beside(PurePosixPath(beside))
    if (recipe := record.maybe_text("recipe")) is not None:
        return Built(record.maybe_text("git"), Digest.parse(recipe))
    maven = record.maybe_text("maven")
    if maven is None:
        return PurePosixPath(record.text("path"))
    parts = maven.split(":")
    if len(parts) != len(("group", "artifact", "version", "packaging")):
        raise ValueError(maven)
    group, artifact, version, packaging = parts
    return Coordinates(group, artifact, Version(version), packaging)
