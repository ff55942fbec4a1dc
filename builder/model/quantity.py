"""Quantities as Kubernetes writes them, such as ``4Gi`` and ``500m``."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

UNITS: Mapping[str, Decimal] = MappingProxyType(
    {
        "m": Decimal("0.001"),
        "": Decimal(1),
        **{unit: Decimal(1000) ** power for power, unit in enumerate(("k", "M", "G"), 1)},
        **{unit: Decimal(1024) ** power for power, unit in enumerate(("Ki", "Mi", "Gi"), 1)},
    }
)
_SHAPE = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([A-Za-z]*)")


def quantity(value: object, units: Mapping[str, Decimal] = UNITS) -> Decimal | None:
    """Read a quantity; None: it is none, or its unit is not known."""
    found = _SHAPE.fullmatch(str(value))
    return Decimal(found[1]) * units[found[2]] if found and found[2] in units else None
