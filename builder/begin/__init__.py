"""How a formula begins: out of what a team has already, or out of a preset."""

from builder.begin.imported import Imported, from_formula, from_list, from_packed
from builder.begin.stock import Stock, stock

__all__ = ["Imported", "Stock", "from_formula", "from_list", "from_packed", "stock"]
