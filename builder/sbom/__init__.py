"""A lock as a bill of materials: CycloneDX, the same bytes for the same lock."""

from builder.sbom.document import document

__all__ = ["document"]
