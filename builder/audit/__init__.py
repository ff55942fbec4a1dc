"""A lock held against what is known: weaknesses, floors, Java, trust, and newer releases.

Pure: catalogues are read elsewhere and arrive as values, and so does the day.
"""

from builder.audit.allow import cover
from builder.audit.base import java_of, of_base
from builder.audit.moves import moves
from builder.audit.outdated import outdated
from builder.audit.rules import audit, java_of_lock, refused
from builder.audit.security import of_plugin

__all__ = [
    "audit",
    "cover",
    "java_of",
    "java_of_lock",
    "moves",
    "of_base",
    "of_plugin",
    "outdated",
    "refused",
]
