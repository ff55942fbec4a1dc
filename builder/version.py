"""Jenkins's version order."""

from typing import NewType

Version = NewType("Version", str)
