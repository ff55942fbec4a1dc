"""Faults of configuration that can be seen before anything is built or booted."""

from builder.lint.base import Linted
from builder.lint.rules import lint, linted

__all__ = ["Linted", "lint", "linted"]
