"""Lays CasC of the trial over that of the image: one document, since two files would be joined.

Source: recordings of configuration-as-code 1.53: lists of several files are concatenated, two
values for one key stop the boot, and its ``override`` strategy counts wrongly until 1413.
"""

import yaml

from builder.model.formula import Formula
from builder.verify.casc_files import casc

_JOINED_AT = 2  # levels: root key and attribute; the overlay's attribute replaces the whole


def overlaid(formula: Formula, above: bytes | None = None) -> bytes | None:
    """Give the document that the trial boots with; None where the image's own files will do.

    Args:
        formula: with its CasC files, and the overlay of its trial.
        above: a further overlay.
    """
    read = casc(formula)
    if read.overlay is None and above is None:
        return None
    joined: yaml.Node | None = None
    for _, root in read.roots:
        joined = _over(joined, root, 64, joins_lists=True)
    topmost = yaml.compose(above, Loader=yaml.SafeLoader) if above else None
    for root in (read.overlay_root, topmost):
        joined = _over(joined, root, _JOINED_AT, joins_lists=False)
    return yaml.serialize(joined, Dumper=yaml.SafeDumper).encode() if joined else b""


def _over(
    below: yaml.Node | None, above: yaml.Node | None, levels: int, *, joins_lists: bool
) -> yaml.Node | None:
    """Lay one node over another; names of keys are compared as CasC does, whatever their case."""
    if above is None or below is None:
        return above or below
    if (
        joins_lists
        and isinstance(below, yaml.SequenceNode)
        and isinstance(above, yaml.SequenceNode)
    ):
        return yaml.SequenceNode(below.tag, [*below.value, *above.value])
    if not (isinstance(below, yaml.MappingNode) and isinstance(above, yaml.MappingNode) and levels):
        return above
    merged = {str(key.value).lower(): (key, value) for key, value in below.value}
    for key, value in above.value:
        name = str(key.value).lower()
        known = merged.get(name, (key, None))[1]
        merged[name] = (key, _over(known, value, levels - 1, joins_lists=joins_lists) or value)
    return yaml.MappingNode(below.tag, list(merged.values()))
