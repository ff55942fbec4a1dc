"""Bills of materials of locks, and the schema's own word on them."""

import json
from collections.abc import Mapping

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from builder import sbom
from builder.model.digest import Digest
from builder.model.formula import Bundle
from builder.model.lock import Lock
from builder.model.stated import Stated

BUNDLE = Bundle(group="org.example", artifact="sample", version="1.0", title="A sample")
_VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)  # reads the schema once
LOCK_DIGEST = Digest.of(b"a lock")


def bill(locked: Lock, stated: Mapping[Digest, Stated] | None = None) -> bytes:
    """Write the document of a lock."""
    return sbom.document(
        locked, stated or {}, BUNDLE, lock_digest=LOCK_DIGEST, tool_version="1.2.3"
    )


def schema_fault(content: bytes) -> str | None:
    """Give what the schema of CycloneDX 1.6 has against a document; None where it is valid."""
    fault = _VALIDATOR.validate_str(content.decode())
    return str(fault.data) if fault else None


def parts_of(content: bytes) -> dict[str, dict[str, object]]:
    """Give the components by their names inside the document."""
    return {each["bom-ref"]: each for each in json.loads(content)["components"]}


def properties_of(part: dict[str, object]) -> list[tuple[str, str]]:
    """Give the properties of a component."""
    listed = part["properties"]
    assert isinstance(listed, list)
    return [(each["name"], each["value"]) for each in listed]


def needs_of(content: bytes) -> dict[str, list[str]]:
    """Give what each part needs."""
    listed = json.loads(content)["dependencies"]
    return {each["ref"]: each.get("dependsOn", []) for each in listed}
