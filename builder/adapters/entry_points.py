"""Checks that installed packages bring: the entry points of the group ``jbuild.checks``."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from builder.checks import Judge
from builder.model.report import Finding, Observation

_GROUP = "jbuild.checks"


def judges() -> tuple[tuple[str, Judge], ...]:
    """Find them, by name; one that cannot be imported breaks when it is asked."""
    found = sorted(entry_points(group=_GROUP), key=lambda each: each.name)
    return tuple((each.name, _lazy(each)) for each in found)


def _lazy(entry: EntryPoint) -> Judge:
    def judge(seen: Observation) -> Iterable[Finding]:
        load: Judge = entry.load()
        return load(seen)

    return judge
