"""``Judges``: the entry points of the group ``jbuild.checks``, of whatever is installed."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from builder.checks import Judge, judged
from builder.model.report import Finding, Observation

_GROUP = "jbuild.checks"


class InstalledJudges:
    """The real ``Judges``."""

    def judge(self, seen: Observation) -> tuple[Finding, ...]:
        """Ask them by name; one that cannot be imported has failed, and no other."""
        found = sorted(entry_points(group=_GROUP), key=lambda each: each.name)
        return tuple(judged(tuple((each.name, _lazy(each)) for each in found), seen))


def _lazy(entry: EntryPoint) -> Judge:
    def judge(seen: Observation) -> Iterable[Finding]:
        load: Judge = entry.load()
        return load(seen)

    return judge
