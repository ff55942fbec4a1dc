"""Texts that ship with jbuild and end up in images; imports nothing of ours."""

from importlib.resources import files


def text(name: str) -> str:
    """Give one of them, such as ``Dockerfile.template`` or ``start.sh``."""
    return files(__name__).joinpath(name).read_text("utf-8")
