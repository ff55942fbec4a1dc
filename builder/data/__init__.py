"""Texts that ship with jbuild and end up in images; imports nothing of ours."""

import os
from pathlib import Path


def files(folder: str) -> dict[str, bytes]:
    """Give all files of a folder such as ``presets/quickstart``, by their path below it."""
    top = Path(__file__).parent / folder
    found = [Path(at, name) for at, _, names in os.walk(top, followlinks=True) for name in names]
    return {str(each.relative_to(top)): each.read_bytes() for each in sorted(found)}


def text(name: str) -> str:
    """Give one of them, such as ``Dockerfile.template`` or ``start.sh``."""
    # importlib.resources would take longer to import than to read all of them.
    return Path(__file__).with_name(name).read_text("utf-8")
