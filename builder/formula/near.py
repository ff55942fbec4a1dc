"""Finds the known name that a mistyped one was probably meant to be."""

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], what: str) -> str:
    """Word a question that names the nearest of ``known``; empty where none is near.

    Args:
        name: as typed.
        known: what would have been understood.
        what: how to call it, such as ``the key``.
    """
    from difflib import get_close_matches  # noqa: PLC0415  # slow, and few mistype

    spelled = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(name.lower(), spelled, n=1, cutoff=0.6)
    return f'; did you mean {what} "{spelled[near[0]]}"?' if near else ""
