"""The real data that may lie beside the checkout; it is used in place, and never copied."""

from pathlib import Path

DATA = Path(__file__).parents[3] / "shared" / "data"
