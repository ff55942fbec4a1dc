"""Texts that ship with jbuild and end up in images; imports nothing of ours."""

from pathlib import Path


def text(name: str) -> str:
    """Give one of them, such as ``Dockerfile.template`` or ``start.sh``."""
    # importlib.resources would take longer to import than to read all of them.
    return Path(__file__).with_name(name).read_text("utf-8")
